import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import type { BacktestDraft } from '../../format/backtest-draft.ts';
import { isLimitKind } from '../../format/condition-draft.ts';
import type { PointPaths } from '../../format/point-paths.ts';
import { displayUnit } from '../../format/value.ts';
import { DelayFields } from '../alarm-fields.tsx';
import { ConditionEditor } from '../definition/condition-editor.tsx';
import { GateEditor } from '../definition/gate-editor.tsx';
import { NumberField } from '../number-field.tsx';

interface Props {
  draft: BacktestDraft;
  onChange: (draft: BacktestDraft) => void;
  own: Point;
  paths: PointPaths;
  /** Where the slider of the limit begins and ends, in the unit of the screen; null: there is none. */
  range: readonly [number, number] | null;
  /** A limit that is not set yet has neither another type nor operating states. */
  isLimitOnly: boolean;
}

/** What is tried, each change at once: a limit by slider or number, any other condition, operating states and delays. */
export function DraftFields({ draft, onChange, own, paths, range, isLimitOnly }: Props) {
  const change = (part: Partial<BacktestDraft>) => onChange({ ...draft, ...part });
  const { watched } = draft;
  const setNumber = (key: string, value: string) =>
    change({ watched: { ...watched, numbers: { ...watched.numbers, [key]: value } } });
  return (
    <div className="space-y-3">
      {isLimitOnly ? (
        <LimitNumbers numbers={watched.numbers} own={own} onChange={setNumber} />
      ) : (
        <ConditionEditor draft={watched} onChange={(to) => change({ watched: to })} own={own} paths={paths} />
      )}
      {isLimitKind(watched.kind) && range !== null && (
        <Slider range={range} value={watched.numbers.limit ?? ''} onChange={(value) => setNumber('limit', value)} />
      )}
      <div className="grid grid-cols-2 gap-3">
        <DelayFields onDelayS={draft.onDelayS} offDelayS={draft.offDelayS} onChange={change} form="backtest" />
      </div>
      {!isLimitOnly && <GateEditor draft={draft.gate} onChange={(gate) => change({ gate })} own={own} paths={paths} />}
    </div>
  );
}

function Slider({
  range: [low, high],
  value,
  onChange,
}: {
  range: readonly [number, number];
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <input
      type="range"
      className="h-6 w-full accent-[rgb(var(--brand))]"
      min={low}
      max={high}
      step={(high - low) / 200}
      value={Number(value)}
      aria-label={t('conditionField.limit')}
      onChange={(event) => onChange(String(Number(Number(event.target.value).toPrecision(4))))}
      data-testid="backtest-slider"
    />
  );
}

function LimitNumbers({
  numbers,
  own,
  onChange,
}: {
  numbers: Record<string, string>;
  own: Point;
  onChange: (key: string, value: string) => void;
}) {
  const { t } = useTranslation();
  const { symbol: unit } = displayUnit(own);
  return (
    <div className="grid grid-cols-2 gap-3">
      <NumberField
        label={t('limit.limit', { unit })}
        value={numbers.limit ?? ''}
        onChange={(value) => onChange('limit', value)}
        testId="condition.limit"
      />
      <NumberField
        label={t('limit.deadband', { unit })}
        value={numbers.deadband ?? ''}
        onChange={(value) => onChange('deadband', value)}
        min={0}
        testId="condition.deadband"
      />
    </div>
  );
}
