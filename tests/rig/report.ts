import type { Return, RigResult } from './run-rig.ts';
import type { Injection } from './track.ts';

/** What the gateway promises. */
export const limits = {
  /** Polls until every point of a device is back. */
  backPolls: 2,
  /** Share of the polling rate that healthy devices keep with one and with two dead units on their line. */
  keptWithOneDead: 0.95,
  keptWithTwoDead: 0.9,
};

export interface Row {
  fault: string;
  injected: number;
  hits: number;
  wrong: number;
  notBack: number;
  /** By the clock, periods; undefined when none came back. */
  worstPeriods: number | undefined;
  /** In completed polls of sound devices; undefined where there are none to compare with. */
  worstPolls: number | undefined;
  lateBack: number;
}

export function rowsOf({ injections, returns, wrong }: RigResult, periodMs: number): Row[] {
  const names = [...new Set([...returns.map(({ fault }) => fault), ...wrong.map(({ fault }) => fault)])].sort();
  return names.map((fault) => {
    const own = injections.filter((injection) => injection.fault === fault);
    const back = returns.filter((each) => each.fault === fault);
    const periods = back.flatMap(({ afterMs }) => (afterMs === undefined ? [] : [afterMs / periodMs]));
    const polls = back.flatMap((each) => each.polls ?? []);
    return {
      fault,
      injected: own.length,
      hits: own.reduce((sum, injection) => sum + injection.hits, 0),
      wrong: wrong.filter((each) => each.fault === fault).length,
      notBack: back.length - periods.length,
      worstPeriods: periods.length === 0 ? undefined : Math.max(...periods),
      worstPolls: polls.length === 0 ? undefined : Math.max(...polls),
      lateBack: back.filter((each) => isLate(each, periodMs)).length,
    };
  });
}

/** Later than allowed both by the clock and by what the gateway got done for others meanwhile: a machine that stands still delays all alike. */
function isLate({ afterMs, polls }: Return, periodMs: number): boolean {
  return (
    afterMs !== undefined &&
    afterMs > limits.backPolls * periodMs &&
    (polls ?? Number.POSITIVE_INFINITY) > limits.backPolls
  );
}

export interface Kept {
  line: string;
  dead: number;
  /** Of the healthy devices' polls and of those of the sound line's, per period. */
  own: number;
  control: number;
  /** Means and worst devices of both lines, one over the other. */
  mean: number;
  worst: number;
  limit: number | undefined;
}

/** Polls on a line with so many dead over those of an equal line with none, in the same time. */
export function keptRates({ rates }: RigResult): Kept[] {
  return rates.flatMap(({ line, phases }) =>
    phases.map(({ dead, periods, own, control }) => ({
      line,
      dead,
      own: own.mean / periods,
      control: control.mean / periods,
      mean: own.mean / control.mean,
      worst: own.worst / control.worst,
      limit: [undefined, limits.keptWithOneDead, limits.keptWithTwoDead][dead],
    })),
  );
}

/** Everything that was promised and not kept; empty: the rig has passed. */
export function broken(result: RigResult, periodMs: number): string[] {
  const rows = rowsOf(result, periodMs);
  const said: string[] = [];
  if (result.wrong.length > 0) said.push(`${result.wrong.length} wrong values were stored`);
  for (const { fault, notBack, lateBack, worstPolls } of rows) {
    if (notBack > 0) said.push(`${fault}: ${notBack} devices did not come back`);
    if (lateBack > 0)
      said.push(`${fault}: ${lateBack} devices came back late, the last after ${spellPolls(worstPolls)}`);
  }
  for (const { line, dead, mean, worst, limit } of keptRates(result)) {
    if (limit !== undefined && !(mean >= limit && worst >= limit))
      said.push(
        `${line}: with ${dead} dead the others kept ${percent(mean)} of their rate, the worst ${percent(worst)}, not ${percent(limit)}`,
      );
  }
  if (result.notGood.length > 0) said.push(`not good at the end: ${result.notGood.slice(0, 10).join(', ')}`);
  for (const text of [...result.unreadable, ...result.crashes].slice(0, 10)) said.push(text);
  return said;
}

export function table(result: RigResult, periodMs: number): string {
  const head = ['fault', 'injected', 'met', 'wrong values', 'not back', 'worst: periods', 'polls', 'late'];
  const body = rowsOf(result, periodMs).map((row) => [
    row.fault,
    String(row.injected),
    String(row.hits),
    String(row.wrong),
    String(row.notBack),
    row.worstPeriods?.toFixed(2) ?? '-',
    row.worstPolls?.toFixed(2) ?? '-',
    String(row.lateBack),
  ]);
  const rateHead = ['line', 'dead', 'polls per period', 'of a sound line', 'kept', 'worst devices', 'limit'];
  const rateBody = keptRates(result).map(({ line, dead, own, control, mean, worst, limit }) => [
    line,
    String(dead),
    own.toFixed(3),
    control.toFixed(3),
    percent(mean),
    percent(worst),
    limit === undefined ? '' : percent(limit),
  ]);
  const parts = [columns([head, ...body])];
  if (rateBody.length > 0) parts.push(columns([rateHead, ...rateBody]));
  return parts.join('\n\n');
}

/** How many came back in which time, by the clock and in polls of sound devices. */
export function recoveryLine({ returns }: RigResult, periodMs: number): string {
  const late = (values: readonly number[]): number => values.filter((value) => value > limits.backPolls).length;
  const periods = returns.flatMap(({ afterMs }) => (afterMs === undefined ? [] : [afterMs / periodMs]));
  const polls = returns.flatMap((each) => each.polls ?? []);
  const lost = returns.length - periods.length;
  return `${returns.length} recoveries: ${lost} never, ${late(periods)} after more than ${limits.backPolls} periods by the clock, ${late(polls)} after more than ${limits.backPolls} polls of sound devices`;
}

/** The offending lines, each with what the device served around that time. */
export function evidence({ wrong }: RigResult, most = 10): string {
  return wrong
    .slice(0, most)
    .map(({ point, why, line, served }) => {
      const around = served.map(
        (s) =>
          `      ${s.sentAtMs}  ${s.code}:${s.start}+${s.count} counter ${s.counter}${s.fill === 'counter' ? '' : ` (${s.fill})`}, asked ${s.requestedAtMs}, fault ${s.fault}${s.mayStore === 'yes' ? '' : `, to be stored: ${s.mayStore}`}, next request ${s.turn.overAtMs ?? '-'}`,
      );
      return [`  ${point} ${why}`, `    stored: ${line}`, '    served around it:', ...around].join('\n');
    })
    .join('\n');
}

export function spell({ fault, line, hits, back }: Injection, periodMs: number): string {
  const polls = back.map((recovery) => (recovery === undefined ? 'not' : (recovery.afterMs / periodMs).toFixed(2)));
  return `${line}: ${fault}, met ${hits}, back after ${polls.join(' and ')} polls`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}

function spellPolls(polls: number | undefined): string {
  return polls === undefined ? 'an unknown number of polls' : `${polls.toFixed(2)} polls of sound devices`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
