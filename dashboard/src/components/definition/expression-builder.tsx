import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import {
  asKind,
  blankComparison,
  deepestJoin,
  type ExpressionDraft,
  type JoinDraft,
  joinDepth,
} from '../../format/expression-draft.ts';
import type { PointPaths } from '../../format/point-paths.ts';
import { Icon } from '../icons.tsx';
import { ComparisonFields } from './comparison-fields.tsx';
import { ProblemsAt } from './definition-problems.tsx';

interface Props {
  draft: ExpressionDraft;
  onChange: (draft: ExpressionDraft) => void;
  paths: PointPaths;
  own: Point;
  at: string;
  /** Joins around it; left out: none. */
  depth?: number;
  /** Left out: it cannot be taken away. */
  onRemove?: () => void;
}

const kinds = ['compare', 'allOf', 'anyOf', 'not'] as const;
const mostParts = 16;

/** What several points say together: comparisons under all of, any of and not, three deep. */
export function ExpressionBuilder({ draft, onChange, paths, own, at, depth = 0, onRemove }: Props) {
  const { t } = useTranslation();
  const mayJoin = (kind: ExpressionDraft['kind']) =>
    kind === 'compare' || depth + Math.max(1, joinDepth(asKind(draft, kind, blankComparison('', own)))) <= deepestJoin;
  return (
    <fieldset
      className={`min-w-0 space-y-2 ${depth === 0 ? '' : 'border-l-2 border-edge pl-2 sm:pl-3'}`}
      data-testid={at}
    >
      <div className="flex items-center gap-2">
        <select
          className="field min-w-0 flex-1 font-medium"
          aria-label={t('builder.kind')}
          value={draft.kind}
          onChange={(event) =>
            onChange(asKind(draft, event.target.value as ExpressionDraft['kind'], blankComparison('', own)))
          }
          data-testid={`${at}.kind`}
        >
          {kinds.filter(mayJoin).map((kind) => (
            <option key={kind} value={kind}>
              {t(`builder.kinds.${kind}`)}
            </option>
          ))}
        </select>
        {onRemove !== undefined && (
          <button
            type="button"
            className="button button-flat min-w-touch px-2"
            onClick={onRemove}
            aria-label={t('builder.remove')}
            title={t('builder.remove')}
            data-testid={`${at}.remove`}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <ProblemsAt at={at} />
      {draft.kind === 'compare' ? (
        <ComparisonFields draft={draft} onChange={onChange} paths={paths} own={own} at={at} />
      ) : (
        <Parts draft={draft} onChange={onChange} paths={paths} own={own} at={at} depth={depth} />
      )}
    </fieldset>
  );
}

type PartsProps = Omit<Props, 'draft' | 'onRemove'> & { draft: JoinDraft; depth: number };

function Parts({ draft, onChange, paths, own, at, depth }: PartsProps) {
  const { t } = useTranslation();
  const { kind, parts } = draft;
  const add = (part: ExpressionDraft) => onChange({ kind, parts: [...parts, part] });
  const blank = blankComparison('', own);
  return (
    <>
      {parts.map((part, i) => (
        <ExpressionBuilder
          // biome-ignore lint/suspicious/noArrayIndexKey: a part has no other name, and keeps no state of its own
          key={i}
          draft={part}
          onChange={(changed) => onChange({ kind, parts: parts.map((each, j) => (j === i ? changed : each)) })}
          paths={paths}
          own={own}
          at={kind === 'not' ? `${at}.not` : `${at}.${kind}.${i}`}
          depth={depth + 1}
          {...(kind !== 'not' && parts.length > 1
            ? { onRemove: () => onChange({ kind, parts: parts.filter((_, j) => j !== i) }) }
            : {})}
        />
      ))}
      {kind !== 'not' && parts.length < mostParts && (
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button px-2" onClick={() => add(blank)} data-testid={`${at}.add`}>
            {t('builder.addComparison')}
          </button>
          {depth + 1 < deepestJoin && (
            <button
              type="button"
              className="button px-2"
              onClick={() => add({ kind: kind === 'allOf' ? 'anyOf' : 'allOf', parts: [blank] })}
              data-testid={`${at}.add-group`}
            >
              {t('builder.addGroup')}
            </button>
          )}
        </div>
      )}
    </>
  );
}
