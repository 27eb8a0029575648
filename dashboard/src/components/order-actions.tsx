import {
  holdReasons,
  type WorkOrderAction,
  type WorkOrderActionRequest,
  type WorkOrderDetail,
  workOrderTransitions,
} from '@plantroom/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { actOnOrder } from '../api/actions.ts';
import { keys, useUsers } from '../api/queries.ts';
import { useRequest } from '../state/use-request.ts';
import { Problem } from './states.tsx';

/** Acts that go the main way come first and stand out. */
const forward: readonly WorkOrderAction[] = [
  'assign',
  'accept',
  'depart',
  'start',
  'resume',
  'complete',
  'verify',
  'visit',
  'close',
];

export function OrderActions({ order }: { order: WorkOrderDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<WorkOrderAction | null>(null);
  const { busy, problem, run: ask } = useRequest();
  const run = (request: WorkOrderActionRequest) =>
    ask(async () => {
      try {
        await actOnOrder(order.id, { ...request, revision: order.revision });
        setChosen(null);
      } finally {
        // Also after a refusal: the order has probably moved on.
        await client.invalidateQueries({ queryKey: keys.workOrder(order.id) });
      }
    });
  if (order.allowedActions.length === 0) return <p className="text-faint">{t('order.noActions')}</p>;
  const sorted = [...order.allowedActions].sort((a, b) => Number(forward.includes(b)) - Number(forward.includes(a)));
  return (
    <div className="space-y-3" data-testid="order-actions">
      <div className="flex flex-wrap gap-2">
        {sorted.map((action) => (
          <button
            key={action}
            type="button"
            className={`button ${chosen === action || (chosen === null && action === sorted[0]) ? 'button-main' : ''}`}
            disabled={busy}
            aria-expanded={chosen === action}
            onClick={() => (workOrderTransitions[action].needs.length === 0 ? void run({ action }) : setChosen(action))}
            data-testid={`order-action-${action}`}
          >
            {t(`orderAction.${action}`)}
          </button>
        ))}
      </div>
      {chosen !== null && order.allowedActions.includes(chosen) && (
        <ActionForm key={chosen} action={chosen} busy={busy} onRun={run} onCancel={() => setChosen(null)} />
      )}
      <Problem error={problem} />
    </div>
  );
}

interface FormProps {
  action: WorkOrderAction;
  busy: boolean;
  onRun: (request: WorkOrderActionRequest) => Promise<boolean>;
  onCancel: () => void;
}

function ActionForm({ action, busy, onRun, onCancel }: FormProps) {
  const { t } = useTranslation();
  const { needs } = workOrderTransitions[action];
  const users = useUsers().data;
  const [assignee, setAssignee] = useState('');
  const [comment, setComment] = useState('');
  const [holdReason, setHoldReason] = useState<(typeof holdReasons)[number]>('parts');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request: WorkOrderActionRequest = { action };
    if (needs.includes('assignee')) request.assignee = assignee.trim();
    if (needs.includes('holdReason')) request.holdReason = holdReason;
    if (comment.trim() !== '') request.comment = comment.trim();
    void onRun(request);
  };
  return (
    <form className="space-y-2 rounded border border-line bg-canvas p-3" onSubmit={submit}>
      {needs.includes('assignee') && (
        <label className="block">
          <span className="text-xs text-dim">{t('order.assignee')}</span>
          <input
            className="field mt-1"
            list="people"
            required
            value={assignee}
            onChange={(event) => setAssignee(event.target.value)}
            data-testid="order-assignee"
          />
          <datalist id="people">
            {(users ?? []).map((user) => (
              <option key={user.username} value={user.username} />
            ))}
          </datalist>
        </label>
      )}
      {needs.includes('holdReason') && (
        <label className="block">
          <span className="text-xs text-dim">{t('order.holdReason')}</span>
          <select
            className="field mt-1"
            value={holdReason}
            onChange={(event) => setHoldReason(event.target.value as typeof holdReason)}
            data-testid="order-hold-reason"
          >
            {holdReasons.map((reason) => (
              <option key={reason} value={reason}>
                {t(`holdReason.${reason}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="block">
        <span className="text-xs text-dim">
          {t(needs.includes('comment') ? 'order.commentNeeded' : 'order.commentOptional')}
        </span>
        <textarea
          className="field mt-1"
          rows={2}
          maxLength={2000}
          required={needs.includes('comment')}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
          data-testid="order-comment"
        />
      </label>
      <div className="flex gap-2">
        <button type="submit" className="button button-main flex-1" disabled={busy} data-testid="order-action-submit">
          {t(`orderAction.${action}`)}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t('action.cancel')}
        </button>
      </div>
    </form>
  );
}
