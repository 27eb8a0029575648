import type { AlarmCondition } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import type { BacktestDraft } from '../../format/backtest-draft.ts';
import { DelayFields } from '../alarm-fields.tsx';
import { NumberField } from '../number-field.tsx';

interface Props {
  condition: AlarmCondition;
  draft: BacktestDraft;
  onChange: (draft: BacktestDraft) => void;
  symbol: string;
  /** Where the slider of the limit begins and ends, in the unit of the screen; null: there is none. */
  range: readonly [number, number] | null;
}

/** Limit by slider or number, deadband and delays: each change is tried at once. */
export function DraftFields({ condition, draft, onChange, symbol, range }: Props) {
  const { t } = useTranslation();
  const change = (part: Partial<BacktestDraft>) => onChange({ ...draft, ...part });
  const isLimit = condition.type === 'limit';
  return (
    <div className="space-y-3">
      {isLimit && (
        <div>
          <NumberField
            label={t('limit.limit', { unit: symbol })}
            value={draft.limit}
            onChange={(limit) => change({ limit })}
            testId="backtest-limit"
          />
          {range !== null && (
            <input
              type="range"
              className="mt-1 h-6 w-full accent-[rgb(var(--brand))]"
              min={range[0]}
              max={range[1]}
              step={(range[1] - range[0]) / 200}
              value={Number(draft.limit)}
              aria-label={t('limit.limit', { unit: symbol })}
              onChange={(event) => change({ limit: String(Number(Number(event.target.value).toPrecision(4))) })}
              data-testid="backtest-slider"
            />
          )}
        </div>
      )}
      <div className="grid grid-cols-2 gap-3 md:grid-cols-1 lg:grid-cols-2">
        {isLimit && (
          <NumberField
            label={t('limit.deadband', { unit: symbol })}
            value={draft.deadband}
            onChange={(deadband) => change({ deadband })}
            min={0}
            testId="backtest-deadband"
          />
        )}
        <DelayFields onDelayS={draft.onDelayS} offDelayS={draft.offDelayS} onChange={change} form="backtest" />
      </div>
    </div>
  );
}
