import { priorityNumber, type WorkOrder, workOrderStates } from '@plantroom/contracts';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAllOrders, useSession } from '../api/queries.ts';
import { OrderLine } from '../components/order-line.tsx';
import { Page } from '../components/page.tsx';
import { Empty, ErrorState, Skeleton } from '../components/states.tsx';
import { useLinkState, useLiveLoaded, useLiveOrders, useLiveScope } from '../live/use-live.ts';
import { useListKeys } from '../state/use-list-keys.ts';

const filters = ['open', 'mine', 'unassigned', 'toVerify', 'all'] as const;
type Filter = (typeof filters)[number];

function compareOrders(a: WorkOrder, b: WorkOrder): number {
  return (
    Number(b.lifeSafety) - Number(a.lifeSafety) ||
    priorityNumber[a.priority] - priorityNumber[b.priority] ||
    workOrderStates.indexOf(a.state) - workOrderStates.indexOf(b.state) ||
    b.openedMs - a.openedMs
  );
}

export default function OrdersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<Filter>('open');
  const [selected, setSelected] = useState<string | null>(null);
  const live = useLiveOrders();
  const loaded = useLiveLoaded();
  const link = useLinkState();
  const session = useSession().data;
  const all = useAllOrders(filter === 'all');
  useLiveScope({ kind: 'none' });
  const shown = useMemo(() => {
    const keep: Record<Filter, (order: WorkOrder) => boolean> = {
      open: () => true,
      mine: (order) => order.assignee === session?.username,
      unassigned: (order) => order.assignee === null,
      toVerify: (order) => order.state === 'done',
      all: () => true,
    };
    // Live wins over what was fetched: it is newer.
    const merged = new Map((filter === 'all' ? (all.data ?? []) : []).map((order) => [order.id, order]));
    for (const order of live) merged.set(order.id, order);
    return [...merged.values()].filter(keep[filter]).sort(compareOrders);
  }, [live, all.data, filter, session?.username]);
  useListKeys({
    ids: shown.map((order) => order.id),
    selected,
    onSelect: setSelected,
    letters: {
      enter: (id) => {
        if (id !== null) void navigate(`/work-orders/${id}`);
      },
    },
  });
  return (
    <Page title={t('nav.orders')}>
      <div className="mb-2 flex flex-wrap gap-1">
        {filters.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={filter === each}
            className={`button px-3 ${filter === each ? 'button-main' : ''}`}
            onClick={() => setFilter(each)}
          >
            {t(`orderFilter.${each}`)}
          </button>
        ))}
      </div>
      {filter === 'all' && all.isError && (
        <ErrorState what={t('orders.failed')} error={all.error} onRetry={() => void all.refetch()} />
      )}
      {!loaded && link !== 'down' ? (
        <Skeleton rows={8} />
      ) : shown.length === 0 ? (
        <Empty
          title={t(loaded ? 'orders.none' : 'orders.unknown')}
          hint={t(loaded ? 'orders.noneHint' : 'alarms.unknownHint')}
        />
      ) : (
        <ul
          className={`divide-y divide-line rounded border border-line bg-panel ${link === 'live' ? '' : 'opacity-70'}`}
          data-testid="order-list"
        >
          {shown.map((order) => (
            <OrderLine key={order.id} order={order} selected={order.id === selected} />
          ))}
        </ul>
      )}
    </Page>
  );
}
