import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import type { GateDraft } from '../../format/condition-draft.ts';
import { blankComparison } from '../../format/expression-draft.ts';
import type { PointPaths } from '../../format/point-paths.ts';
import { CheckField } from '../form-fields.tsx';
import { NumberField } from '../number-field.tsx';
import { ProblemsAt } from './definition-problems.tsx';
import { ExpressionBuilder } from './expression-builder.tsx';

interface Props {
  /** Null: in every operating state. */
  draft: GateDraft | null;
  onChange: (draft: GateDraft | null) => void;
  own: Point;
  paths: PointPaths;
}

/** The operating states in which an alarm counts, and how long they must have held. */
export function GateEditor({ draft, onChange, own, paths }: Props) {
  const { t } = useTranslation();
  const first = paths.groups[0]?.points.find(({ point }) => point.kind === 'boolean')?.path ?? '';
  return (
    <fieldset className="min-w-0 space-y-2" data-testid="enabledWhen">
      <CheckField
        label={t('builder.gate')}
        checked={draft !== null}
        onChange={(isOn) => onChange(isOn ? { forS: '0', when: blankComparison(first, paths.find(first)) } : null)}
        testId="enabledWhen.on"
      />
      <ProblemsAt at="enabledWhen" />
      {draft !== null && (
        <>
          <ExpressionBuilder
            draft={draft.when}
            onChange={(when) => onChange({ ...draft, when })}
            paths={paths}
            own={own}
            at="enabledWhen.when"
          />
          <NumberField
            label={t('builder.heldFor')}
            value={draft.forS}
            onChange={(forS) => onChange({ ...draft, forS })}
            min={0}
            testId="enabledWhen.forMs"
          />
        </>
      )}
    </fieldset>
  );
}
