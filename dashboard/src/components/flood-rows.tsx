import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { EquipmentSummary, FloodList, SystemSummary } from '../format/alarm-flood.ts';
import type { AlarmGroup } from '../format/alarm-groups.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { ShapeOf } from './alarm-shape.tsx';
import { Icon } from './icons.tsx';

interface Props {
  list: FloodList;
  open: ReadonlySet<string>;
  onToggle: (key: string) => void;
  row: (group: AlarmGroup) => ReactNode;
}

/** The list in a flood: what is urgent single and on top, the rest in lines that open, by system and then by equipment. */
export function FloodRows({ list, open, onToggle, row }: Props) {
  const { t } = useTranslation();
  const systemName = useSystemName();
  return (
    <>
      {list.single.map(row)}
      {list.systems.map((system) => (
        <Line
          key={system.key}
          summary={system}
          name={system.system === null ? t('flood.noSystem') : systemName(system.system)}
          isOpen={open.has(system.key)}
          onToggle={onToggle}
          kind="system"
        >
          {system.equipment.map((unit) => (
            <Unit key={unit.key} unit={unit} isOpen={open.has(unit.key)} onToggle={onToggle} row={row} />
          ))}
        </Line>
      ))}
    </>
  );
}

function Unit({
  unit,
  isOpen,
  onToggle,
  row,
}: { unit: EquipmentSummary; isOpen: boolean } & Pick<Props, 'onToggle' | 'row'>) {
  const { t } = useTranslation();
  const text = useLocalText();
  const place = useEquipmentIndex().get(unit.equipment ?? '');
  // One alarm is its own summary.
  if (unit.groups.length === 1) return unit.groups.map(row);
  const name = place === undefined ? (unit.equipment ?? t('flood.gateways')) : text(place.name);
  return (
    <Line summary={unit} name={name} isOpen={isOpen} onToggle={onToggle} kind="equipment">
      {unit.groups.map(row)}
    </Line>
  );
}

interface LineProps extends Pick<Props, 'onToggle'> {
  summary: SystemSummary | EquipmentSummary;
  name: string;
  isOpen: boolean;
  kind: 'system' | 'equipment';
  children: ReactNode;
}

function Line({ summary, name, isOpen, onToggle, kind, children }: LineProps) {
  const { t } = useTranslation();
  const id = useId();
  const { key, alarms, unacked, units, worst } = summary;
  return (
    <>
      <li className="border-t border-line">
        <button
          type="button"
          id={id}
          className={`flex min-h-11 w-full items-center gap-3 pr-3 text-left hover:bg-panel ${kind === 'system' ? 'bg-raised pl-3' : 'pl-8'}`}
          aria-expanded={isOpen}
          onClick={() => onToggle(key)}
          data-testid={`flood-${kind}`}
          data-key={key}
          data-alarms={alarms}
        >
          <Icon name="chevron" className={`h-4 w-4 shrink-0 ${isOpen ? 'rotate-90' : ''}`} />
          <ShapeOf alarm={worst} size={22} />
          <span className="min-w-0 flex-1 truncate font-semibold">{name}</span>
          {units > 1 && <span className="num hidden text-dim sm:inline">{t('flood.units', { count: units })}</span>}
          <span className="num whitespace-nowrap">
            {alarms === 1 ? t('flood.oneAlarm') : t('flood.alarms', { count: alarms })}
            <span className="hidden text-dim sm:inline"> · {t('flood.unacked', { count: unacked })}</span>
          </span>
        </button>
      </li>
      {isOpen && children}
    </>
  );
}
