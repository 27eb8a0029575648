import { deliveryStates, type NotificationDelivery } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  sendAgain,
  useDeliveries,
  useNotificationList,
  useNotificationStatus,
  useRefreshNotifications,
} from '../../api/notifications.ts';
import { SelectField } from '../../components/form-fields.tsx';
import { Empty, Loaded, Problem } from '../../components/states.tsx';
import { dateTimeSeconds } from '../../format/time.ts';
import { useLocalText } from '../../state/i18n.ts';
import { useTimeZone } from '../../state/site.ts';
import { useRequest } from '../../state/use-request.ts';
import { NotificationPage } from './layout.tsx';

export default function DeliveriesPage() {
  const { t } = useTranslation();
  const [state, setState] = useState('');
  const deliveries = useDeliveries(state);
  const status = useNotificationStatus().data;
  return (
    <NotificationPage tab="deliveries">
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <SelectField
          label={t('notify.state')}
          value={state}
          options={[
            { value: '', label: t('notify.anyState') },
            ...deliveryStates.map((value) => ({ value, label: t(`notify.deliveryState.${value}`) })),
          ]}
          onChange={setState}
          testId="delivery-state"
        />
        {status !== undefined && (
          <p className="num pb-2 text-dim">
            {t('notify.counts', { calls: status.openCalls, waiting: status.waiting, dead: status.dead })}
          </p>
        )}
      </div>
      <Loaded query={deliveries} what={t('notify.failed')} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('notify.noDeliveries')} hint={t('notify.noDeliveriesHint')} />
          ) : (
            <ul className="divide-y divide-line rounded border border-line bg-panel" data-testid="deliveries">
              {items.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </NotificationPage>
  );
}

function DeliveryRow({ delivery }: { delivery: NotificationDelivery }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  const refresh = useRefreshNotifications();
  const people = useNotificationList('people').data ?? [];
  const channels = useNotificationList('channels').data ?? [];
  const { busy, problem, run } = useRequest();
  const { state, createdMs, nextMs, channel, address, subjects, count, kind, attempts, receipt, error } = delivery;
  const to = delivery.people.map((id) => people.find((person) => person.id === id)?.name ?? id);
  const again = async () => {
    await sendAgain(delivery.id);
    await refresh();
  };
  return (
    <li className="grid gap-x-4 gap-y-1 px-3 py-2 md:grid-cols-[11rem_6rem_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <span className="num text-dim">{dateTimeSeconds(createdMs, timeZone)}</span>
      <span className={state === 'dead' ? 'font-semibold' : ''}>{t(`notify.deliveryState.${state}`)}</span>
      <span className="min-w-0 break-words">
        {kind === 'test' ? t('notify.deliveryKind.test') : subjects.map(text).join(' · ')}
        {count > subjects.length && (
          <span className="text-dim"> · {t('notify.more', { count: count - subjects.length })}</span>
        )}
        {kind !== 'test' && kind !== 'alarm' && <span className="text-dim"> · {t(`notify.deliveryKind.${kind}`)}</span>}
      </span>
      <div className="min-w-0 break-words text-dim">
        {channels.find(({ id }) => id === channel)?.name ?? channel} {to.join(' · ')} {address}
        <span className="block text-xs">
          {error !== null && state !== 'sent' ? error : receipt}
          {nextMs !== null &&
            state !== 'sending' &&
            ` · ${t('notify.next', { time: dateTimeSeconds(nextMs, timeZone) })}`}
          {attempts > 1 && ` · ${t('notify.attempts', { count: attempts })}`}
        </span>
        <Problem error={problem} />
      </div>
      {state === 'dead' ? (
        <button type="button" className="button" disabled={busy} onClick={() => void run(again)}>
          {t('notify.sendAgain')}
        </button>
      ) : (
        <span />
      )}
    </li>
  );
}
