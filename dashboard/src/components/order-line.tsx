import type { WorkOrder } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAge } from '../format/use-age.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { AlarmShape } from './alarm-shape.tsx';

interface Props {
  order: WorkOrder;
  selected?: boolean;
  /** Two lines, for a narrow place; left out: columns where there is room. */
  compact?: boolean;
}

export function OrderLine({ order, selected = false, compact = false }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex().get(order.equipment);
  const age = useAge(order.openedMs);
  const wide = compact ? '' : 'lg:inline';
  return (
    <li data-testid="order-row" data-order={order.id} data-state={order.state} aria-current={selected}>
      <Link
        to={`/work-orders/${order.id}`}
        className={`grid min-h-11 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-2 py-1 hover:bg-raised ${compact ? '' : 'lg:grid-cols-[auto_7em_minmax(0,2fr)_minmax(0,1.3fr)_6em_8em_5em]'} ${selected ? 'bg-raised' : ''}`}
      >
        <AlarmShape priority={order.priority} />
        <span className={`num hidden text-xs text-dim ${wide}`}>{order.id}</span>
        <span className="min-w-0">
          <span className="block truncate font-medium">
            {order.lifeSafety && (
              <b className="mr-1 rounded bg-p1 px-1 text-[rgb(var(--on-alarm))]">{t('lifeSafety.short')}</b>
            )}
            {text(order.title)}
          </span>
          <span className={`block truncate text-xs text-dim ${compact ? '' : 'lg:hidden'}`}>
            {order.id} · {equipment === undefined ? order.equipment : text(equipment.name)}
          </span>
        </span>
        <span className={`hidden truncate text-dim ${wide}`}>
          {equipment === undefined ? order.equipment : text(equipment.name)}
        </span>
        <span className="text-right lg:text-left">{t(`orderState.${order.state}`)}</span>
        <span className={`hidden truncate text-dim ${wide}`}>{order.assignee ?? t('orders.nobody')}</span>
        <span className={`num hidden text-right text-xs text-dim ${wide}`}>{age}</span>
      </Link>
    </li>
  );
}
