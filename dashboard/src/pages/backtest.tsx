import type { AlarmSetting, BacktestAlarm, BacktestRequest, Point } from '@plantroom/contracts';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useBacktest } from '../api/backtests.ts';
import { ApiProblem } from '../api/client.ts';
import { useAlarmSettings, useSitePoints } from '../api/queries.ts';
import { ApplyForm } from '../components/backtest/apply-form.tsx';
import { BacktestChart } from '../components/backtest/backtest-chart.tsx';
import { DifferenceList } from '../components/backtest/difference-list.tsx';
import { DraftFields } from '../components/backtest/draft-fields.tsx';
import { OccurrenceStrips } from '../components/backtest/occurrence-strips.tsx';
import { SideCard } from '../components/backtest/side-card.tsx';
import { DefinitionProblems, OtherProblems } from '../components/definition/definition-problems.tsx';
import { Page, Section } from '../components/page.tsx';
import { Empty, ErrorState, Skeleton } from '../components/states.tsx';
import {
  type BacktestDraft,
  changesOf,
  definitionFromAddress,
  draftOf,
  isSameDefinition,
  type TriedDefinition,
  triable,
  triedOf,
} from '../format/backtest-draft.ts';
import type { PointPaths } from '../format/point-paths.ts';
import { dateTime } from '../format/time.ts';
import { displayUnit, showValue } from '../format/value.ts';
import { liveStore } from '../live/live.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { usePreferences } from '../state/preferences.ts';
import { useEquipmentIndex, useTimeZone } from '../state/site.ts';
import { usePointPaths } from '../state/use-point-paths.ts';

const dayMs = 86_400_000;
const spans = [7, 30, 90] as const;

/** An alarm tried on history: as it is and as it might be, side by side. */
export default function BacktestPage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const [search] = useSearchParams();
  const alarm = search.get('alarm') ?? '';
  const source = alarm.split('#')[0] ?? '';
  const equipmentId = source.split('/').slice(0, 2).join('/');
  const equipment = useEquipmentIndex().get(equipmentId);
  const points = useSitePoints(source === '' ? undefined : source.split('/')[0]);
  const definitions = useAlarmSettings(equipmentId);
  const { limits: mayTry } = usePermissions();
  const point = points.data?.find((each) => each.id === source);
  const paths = usePointPaths(point);
  const setting = definitions.data?.find(({ inForce }) => inForce.id === alarm) ?? null;
  const fresh = useMemo(() => definitionFromAddress(search), [search]);
  const crumbs = [
    ...(equipment === undefined ? [] : [{ label: text(equipment.name), to: `/equipment/${equipmentId}` }]),
    ...(point === undefined ? [] : [{ label: text(point.name) }]),
  ];
  const title = t('backtest.title');
  if (!mayTry) {
    return (
      <Page title={title} crumbs={crumbs}>
        <Empty title={t('backtest.forbidden')} hint={t('limit.forbidden')} />
      </Page>
    );
  }
  const failed = [points, definitions].find(({ isError }) => isError);
  if (failed !== undefined) {
    const retry = (): void => void Promise.all([points.refetch(), definitions.refetch()]);
    return (
      <Page title={title} crumbs={crumbs}>
        <ErrorState what={t('backtest.failed')} error={failed.error} onRetry={retry} />
      </Page>
    );
  }
  if (points.data === undefined || definitions.data === undefined || paths === null) {
    return (
      <Page title={title} crumbs={crumbs}>
        <Skeleton rows={8} />
      </Page>
    );
  }
  if (point === undefined || (setting === null && fresh === null)) {
    return (
      <Page title={title} crumbs={crumbs}>
        <Empty title={t('backtest.nothing')} hint={t('backtest.nothingHint')} />
      </Page>
    );
  }
  const name = setting === null ? text(point.name) : text(setting.inForce.guidance.name);
  return (
    <Page title={`${title} · ${name}`} crumbs={crumbs}>
      <Trial key={alarm} alarm={alarm} point={point} paths={paths} setting={setting} fresh={fresh} />
    </Page>
  );
}

interface TrialProps {
  alarm: string;
  point: Point;
  paths: PointPaths;
  setting: AlarmSetting | null;
  /** As the address says it. */
  fresh: TriedDefinition | null;
}

function Trial({ alarm, point, paths, setting, fresh }: TrialProps) {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const { factor } = displayUnit(point);
  const { find } = paths;
  const definition = setting?.inForce;
  const inForce = useMemo(() => (definition === undefined ? null : triable(definition)), [definition]);
  const base = inForce ?? fresh;
  const [days, setDays] = useState<(typeof spans)[number]>(30);
  const [isApplied, setIsApplied] = useState(false);
  const [nowMs] = useState(() => liveStore.serverNow());
  const [draft, setDraft] = useState<BacktestDraft | null>(() => {
    const first = fresh ?? inForce;
    return first === null ? null : draftOf(first, point, find);
  });
  const tried = base === null || draft === null ? null : triedOf(draft, point, find);
  const [last, setLast] = useState(tried);
  useEffect(() => {
    if (tried !== null && (last === null || !isSameDefinition(last, tried))) setLast(tried);
  }, [tried, last]);
  const asked = useMemo<BacktestRequest | null>(() => {
    if (last === null) return null;
    const range = { from: Math.floor(nowMs - days * dayMs), to: Math.floor(nowMs) };
    return { alarms: [alarm], changes: changesOf(alarm, inForce, last), ...range, waitMs: 1_000 };
  }, [alarm, inForce, last, days, nowMs]);
  const { backtest, progress, problem, retry } = useBacktest(asked);
  const result = backtest?.result ?? null;
  const outcome = result?.alarms[0];
  const isSame = inForce !== null && tried !== null && isSameDefinition(inForce, tried);
  if (base === null || draft === null) return null;
  const isWide = draft.gate !== null || ['expression', 'count'].includes(draft.watched.kind);
  return (
    <div
      className={`grid items-start gap-3 md:grid-rows-[auto_1fr] ${isWide ? 'md:grid-cols-[20rem_1fr] xl:grid-cols-[28rem_1fr]' : 'md:grid-cols-[18rem_1fr]'}`}
    >
      <div className="min-w-0">
        <Section title={t('backtest.tried')} testId="backtest-draft">
          <div className="space-y-3">
            <div className="flex gap-1">
              {spans.map((span) => (
                <button
                  key={span}
                  type="button"
                  className={`button flex-1 px-2 ${span === days ? 'button-main' : ''}`}
                  aria-pressed={span === days}
                  onClick={() => setDays(span)}
                >
                  {t('backtest.days', { count: span })}
                </button>
              ))}
            </div>
            <DefinitionProblems error={problem}>
              <DraftFields
                draft={draft}
                onChange={(changed) => {
                  setIsApplied(false);
                  setDraft(changed);
                }}
                own={point}
                paths={paths}
                range={sliderRange(point, base, factor)}
                isLimitOnly={inForce === null}
              />
            </DefinitionProblems>
            {tried === null && <p className="text-xs text-dim">{t('setting.unfilled')}</p>}
            <button
              type="button"
              className="button w-full"
              disabled={isSame || inForce === null}
              onClick={() => inForce !== null && setDraft(draftOf(inForce, point, find))}
            >
              {t('backtest.asInForce')}
            </button>
            {isApplied && (
              <p role="status" className="font-medium" data-testid="backtest-applied">
                {t('backtest.applied')}
              </p>
            )}
            <p className="num min-h-5 text-xs text-dim" role="status" data-testid="backtest-state">
              {progress !== null
                ? t('backtest.running', { percent: Math.round(progress * 100) })
                : result !== null &&
                  t('backtest.took', {
                    seconds: (result.tookMs / 1000).toFixed(1),
                    share: result.minutes === 0 ? 0 : Math.round((result.sampledMinutes / result.minutes) * 100),
                  })}
            </p>
          </div>
        </Section>
      </div>
      {backtest !== null && tried !== null && !isSame && (
        <div className="order-last min-w-0 md:order-none md:col-start-1">
          <Section title={t('backtest.applyTitle')}>
            <ApplyForm
              alarm={alarm}
              setting={setting}
              tried={tried}
              backtest={backtest}
              isCurrent={progress === null && problem === null}
              onApplied={() => setIsApplied(true)}
            />
          </Section>
        </div>
      )}
      <div className="min-w-0 space-y-3 md:col-start-2 md:row-span-2 md:row-start-1">
        {problem !== null && <Refused error={problem} onRetry={retry} />}
        {result === null || outcome === undefined ? (
          problem === null && <Skeleton rows={8} />
        ) : (
          <Outcome {...{ point, setting, outcome, result, timeZone }} />
        )}
      </div>
    </div>
  );
}

/** What is refused stands at its field; else why, and the way to try again. */
function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  if (error instanceof ApiProblem && error.problems.length > 0) return <OtherProblems error={error} />;
  return <ErrorState what={t('backtest.failed')} error={error} onRetry={onRetry} />;
}

function Outcome({
  point,
  setting,
  outcome,
  result,
  timeZone,
}: {
  point: Point;
  setting: AlarmSetting | null;
  outcome: BacktestAlarm;
  result: { from: number; to: number; days: number[] };
  timeZone: string;
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const priority = setting?.inForce.priority ?? 'medium';
  if (outcome.skipped !== null) {
    return <Empty title={t('backtest.skipped')} hint={t(`backtest.skippedWhy.${outcome.skipped}`)} />;
  }
  const counts = [...(outcome.before?.perDay ?? []), ...(outcome.after?.perDay ?? [])];
  const words = { yes: t('value.yes'), no: t('value.no'), language };
  const valueText = (value: number): string => {
    const shown = showValue(point, value, words);
    return `${shown.text} ${shown.symbol}`.trim();
  };
  const shared = { mostADay: Math.max(0, ...counts), priority };
  const range = { fromMs: result.from, toMs: result.to, timeZone, priority };
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <SideCard title={t('backtest.beforeTitle')} side={outcome.before} testId="backtest-before" {...shared} />
        <SideCard title={t('backtest.afterTitle')} side={outcome.after} testId="backtest-after" {...shared} />
      </div>
      <Section title={t('backtest.when')}>
        <OccurrenceStrips alarm={outcome} days={result.days} {...range} />
        <Notes outcome={outcome} fromMs={result.from} timeZone={timeZone} />
      </Section>
      <Section title={t('chart.title')}>
        <BacktestChart point={point} alarm={outcome} {...range} />
      </Section>
      <Section title={t('backtest.differences')}>
        <DifferenceList difference={outcome.difference} timeZone={timeZone} valueText={valueText} />
      </Section>
      <p className="text-xs text-faint">
        {t('backtest.how')}{' '}
        <Link className="underline" to={`/equipment/${point.equipment}`}>
          {t('backtest.toEquipment')}
        </Link>
      </p>
    </>
  );
}

/** What the figures do not rest on samples for, never silently. */
function Notes({ outcome, fromMs, timeZone }: { outcome: BacktestAlarm; fromMs: number; timeZone: string }) {
  const { t } = useTranslation();
  const notes: string[] = [];
  if (outcome.knownFromMs === null) notes.push(t('backtest.unknown'));
  else if (outcome.knownFromMs > fromMs + dayMs) {
    notes.push(t('backtest.knownFrom', { date: dateTime(outcome.knownFromMs, timeZone) }));
  }
  if (outcome.holes.length > 0) notes.push(t('backtest.holes', { count: outcome.holes.length }));
  if (outcome.coarse.length > 0) notes.push(t('backtest.coarse', { count: outcome.coarse.length }));
  if (outcome.before?.truncated || outcome.after?.truncated) notes.push(t('backtest.truncated'));
  if (notes.length === 0) return null;
  return <p className="mt-2 text-xs text-dim">{notes.join(' ')}</p>;
}

/** About the limit as it is, within what the point may say. */
function sliderRange(point: Point, { condition }: TriedDefinition, factor: number): [number, number] | null {
  if (condition.type !== 'limit') return null;
  const around = Math.max(Math.abs(condition.limit) * 0.5, (condition.deadband ?? 0) * 10, 1);
  const [low, high] = point.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const range: [number, number] = [
    Math.max(low, condition.limit - around) * factor,
    Math.min(high, condition.limit + around) * factor,
  ];
  return range[0] < range[1] ? range : null;
}
