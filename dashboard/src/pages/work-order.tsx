import type { WorkOrderDetail } from '@plantroom/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { ProgressBar } from '@tremor/react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { commentOnOrder, setChecklistStep } from '../api/actions.ts';
import { keys, useWorkOrder } from '../api/queries.ts';
import { AlarmShape } from '../components/alarm-shape.tsx';
import { Fact } from '../components/drawer.tsx';
import { OrderActions } from '../components/order-actions.tsx';
import { OrderStepper } from '../components/order-stepper.tsx';
import { Page, Section } from '../components/page.tsx';
import { Loaded, Problem } from '../components/states.tsx';
import { dateTime } from '../format/time.ts';
import { useLiveOrders, useLiveScope } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { useEquipmentIndex, useTimeZone } from '../state/site.ts';
import { useRequest } from '../state/use-request.ts';

export default function OrderPage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const { id = '' } = useParams();
  const live = useLiveOrders().find((order) => order.id === id);
  const query = useWorkOrder(id, live?.revision);
  useLiveScope({ kind: 'none' });
  return (
    <Page
      title={query.data === undefined ? id : text(query.data.title)}
      crumbs={[{ label: t('nav.orders'), to: '/work-orders' }, { label: id }]}
      aside={query.data !== undefined && <AlarmShape priority={query.data.priority} size={26} />}
    >
      <Loaded query={query} what={t('order.failed', { id })} rows={8}>
        {(order) => <Body order={order} />}
      </Loaded>
    </Page>
  );
}

function Body({ order }: { order: WorkOrderDetail }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  const equipment = useEquipmentIndex().get(order.equipment);
  const { workOrders: mayWork } = usePermissions();
  return (
    <div className="space-y-3" data-testid="order" data-order={order.id} data-state={order.state}>
      <section className="rounded border border-line bg-panel p-3">
        <OrderStepper state={order.state} />
        {order.conditionCleared && <p className="mt-2 font-medium">{t('order.cleared')}</p>}
      </section>
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <div className="space-y-3">
          {mayWork && (
            <Section title={t('order.actions')}>
              <OrderActions order={order} />
            </Section>
          )}
          <Section title={t('order.facts')}>
            <dl className="grid grid-cols-2 gap-3">
              <Fact label={t('order.equipment')}>
                <Link className="link" to={`/equipment/${order.equipment}`}>
                  {equipment === undefined ? order.equipment : text(equipment.name)}
                </Link>
              </Fact>
              <Fact label={t('order.assignee')}>{order.assignee ?? t('orders.nobody')}</Fact>
              <Fact label={t('order.priority')}>{t(`priority.${order.priority}`)}</Fact>
              <Fact label={t('order.opened')}>
                <span className="num">{dateTime(order.openedMs, timeZone)}</span>
              </Fact>
              <Fact label={t('order.skills')}>
                {order.skills.length === 0
                  ? '–'
                  : order.skills
                      .map((skill) => t(`skill.${skill}`, { defaultValue: skill }))
                      .join(t('order.skillSeparator'))}
              </Fact>
              <Fact label={t('order.estimate')}>
                {order.estimatedMinutes === null ? '–' : t('order.minutes', { count: order.estimatedMinutes })}
              </Fact>
              {order.holdReason !== null && (
                <Fact label={t('order.holdReason')}>{t(`holdReason.${order.holdReason}`)}</Fact>
              )}
              {order.reopenedCount > 0 && <Fact label={t('order.reopened')}>{order.reopenedCount}</Fact>}
            </dl>
          </Section>
          <Checklist order={order} enabled={mayWork} />
        </div>
        <div className="space-y-3">
          <Section title={t('order.evidence', { count: order.evidence.length })} testId="order-evidence">
            <ul className="divide-y divide-line">
              {order.evidence.map((each) => (
                <li key={`${each.occurrence}-${each.atMs}`} className="flex flex-wrap gap-x-3 py-1.5">
                  <span className="num text-xs text-dim">{dateTime(each.atMs, timeZone)}</span>
                  <Link className="link min-w-0 flex-1" to={`/alarms?alarm=${encodeURIComponent(each.alarm)}`}>
                    {text(each.text)}
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
          <History order={order} />
        </div>
      </div>
    </div>
  );
}

function Checklist({ order, enabled }: { order: WorkOrderDetail; enabled: boolean }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const client = useQueryClient();
  const { problem, run } = useRequest();
  if (order.checklist.length === 0) return null;
  const done = order.checklist.filter((step) => step.done).length;
  const mark = (index: number, value: boolean) =>
    run(async () => {
      await setChecklistStep(order.id, index, value);
      await client.invalidateQueries({ queryKey: keys.workOrder(order.id) });
    });
  return (
    <Section
      title={t('order.checklist')}
      aside={
        <span className="num text-xs text-dim">
          {done} / {order.checklist.length}
        </span>
      }
    >
      <ProgressBar value={(done / order.checklist.length) * 100} className="mb-2" />
      <ul>
        {order.checklist.map((step, index) => (
          <li key={step.text.en}>
            <label className="flex min-h-9 items-center gap-3">
              <input
                type="checkbox"
                className="h-4 w-4 accent-[rgb(var(--dim))]"
                checked={step.done}
                disabled={!enabled}
                onChange={(event) => void mark(index, event.target.checked)}
              />
              <span className="flex-1">{text(step.text)}</span>
              <span className="text-xs text-faint">{step.by}</span>
            </label>
          </li>
        ))}
      </ul>
      <Problem error={problem} />
    </Section>
  );
}

function History({ order }: { order: WorkOrderDetail }) {
  const { t } = useTranslation();
  const text = useLocalText();
  // What the server itself noted names an alarm by its id; its name is among the evidence.
  const wordsOf = (comment: string) => {
    const evidence = order.evidence.find((each) => each.alarm === comment);
    return evidence === undefined ? comment : text(evidence.text);
  };
  const client = useQueryClient();
  const timeZone = useTimeZone();
  const [comment, setComment] = useState('');
  const { problem, run } = useRequest();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await commentOnOrder(order.id, comment.trim());
      setComment('');
      await client.invalidateQueries({ queryKey: keys.workOrder(order.id) });
    });
  };
  return (
    <Section title={t('order.history')} testId="order-history">
      <ol className="divide-y divide-line">
        {[...order.events].reverse().map((event) => (
          <li key={event.seq} className="grid grid-cols-[9.5em_minmax(0,1fr)] gap-x-3 py-1.5">
            <span className="num text-xs text-dim">{dateTime(event.atMs, timeZone)}</span>
            <span>
              {t(`orderEvent.${event.kind}`)}
              {event.stateBefore !== event.stateAfter && (
                <span className="text-dim">
                  {' '}
                  · {t(`orderState.${event.stateBefore}`)} → {t(`orderState.${event.stateAfter}`)}
                </span>
              )}
              {event.user !== null && <span className="text-dim"> · {event.user}</span>}
              {event.comment !== null && <span className="block break-words text-dim">{wordsOf(event.comment)}</span>}
            </span>
          </li>
        ))}
      </ol>
      <form className="mt-2 flex gap-2" onSubmit={submit}>
        <input
          className="field"
          placeholder={t('order.addComment')}
          aria-label={t('order.addComment')}
          maxLength={2000}
          required
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <button type="submit" className="button" disabled={comment.trim() === ''}>
          {t('order.send')}
        </button>
      </form>
      <Problem error={problem} />
    </Section>
  );
}
