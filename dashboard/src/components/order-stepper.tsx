import type { WorkOrderState } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';

/** The way of an order that goes well; hold, cannot-complete and cancelled stand beside it. */
export const mainPath = [
  'open',
  'assigned',
  'accepted',
  'en-route',
  'in-progress',
  'done',
  'verified',
  'visited',
  'closed',
] as const satisfies readonly WorkOrderState[];

export function stepOf(state: WorkOrderState): number {
  if (state === 'on-hold' || state === 'cannot-complete') return mainPath.indexOf('in-progress');
  if (state === 'cancelled') return mainPath.indexOf('closed');
  return mainPath.indexOf(state);
}

export function OrderStepper({ state }: { state: WorkOrderState }) {
  const { t } = useTranslation();
  const at = stepOf(state);
  const aside = !(mainPath as readonly string[]).includes(state);
  return (
    <ol className="flex flex-wrap gap-y-2" data-testid="order-stepper" data-state={state}>
      {mainPath.map((step, i) => (
        <li key={step} className="flex items-center text-xs" aria-current={i === at ? 'step' : undefined}>
          <span
            className={`inline-flex items-center gap-1.5 rounded px-2 py-1 ${i === at ? 'bg-ink font-semibold text-canvas' : i < at ? 'text-dim' : 'text-faint'}`}
          >
            <span
              className={`h-2.5 w-2.5 rounded-full border border-current ${i < at || i === at ? 'bg-current' : ''}`}
            />
            {i === at && aside ? t(`orderState.${state}`) : t(`orderState.${step}`)}
          </span>
          {i < mainPath.length - 1 && <span className="mx-0.5 h-px w-3 bg-edge" />}
        </li>
      ))}
    </ol>
  );
}
