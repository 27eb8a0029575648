import type { RigResult } from './run-rig.ts';
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
  /** Undefined when none came back. */
  worstPolls: number | undefined;
  lateBack: number;
}

export function rowsOf({ injections, wrong }: RigResult, periodMs: number): Row[] {
  const names = [...new Set([...injections.map(({ fault }) => fault), ...wrong.map(({ fault }) => fault)])].sort();
  return names.map((fault) => {
    const own = injections.filter((injection) => injection.fault === fault);
    const polls = own.flatMap(({ back }) => back).map((recovery) => recovery && recovery.afterMs / periodMs);
    const known = polls.filter((value) => value !== undefined);
    return {
      fault,
      injected: own.length,
      hits: own.reduce((sum, injection) => sum + injection.hits, 0),
      wrong: wrong.filter((each) => each.fault === fault).length,
      notBack: polls.length - known.length,
      worstPolls: known.length === 0 ? undefined : Math.max(...known),
      lateBack: known.filter((value) => value > limits.backPolls).length,
    };
  });
}

/** Rate with so many dead, over the rate of the same line with none. */
export function keptRates({
  rates,
}: RigResult): { line: string; dead: number; mean: number; worst: number; limit: number }[] {
  return rates.flatMap(({ line, phases }) => {
    const healthy = phases[0]?.perPeriod.mean ?? 0;
    return phases.slice(1).map(({ perPeriod }, i) => ({
      line,
      dead: i + 1,
      mean: perPeriod.mean / healthy,
      worst: perPeriod.worst / healthy,
      limit: i === 0 ? limits.keptWithOneDead : limits.keptWithTwoDead,
    }));
  });
}

/** Everything that was promised and not kept; empty: the rig has passed. */
export function broken(result: RigResult, periodMs: number): string[] {
  const rows = rowsOf(result, periodMs);
  const said: string[] = [];
  if (result.wrong.length > 0) said.push(`${result.wrong.length} wrong values were stored`);
  for (const { fault, notBack, lateBack, worstPolls } of rows) {
    if (notBack > 0) said.push(`${fault}: ${notBack} devices did not come back`);
    if (lateBack > 0)
      said.push(`${fault}: ${lateBack} devices came back late, the last after ${worstPolls?.toFixed(1)} polls`);
  }
  for (const { line, dead, worst, limit } of keptRates(result)) {
    if (!(worst >= limit))
      said.push(
        `${line}: with ${dead} dead a healthy device kept ${percent(worst)} of its rate, not ${percent(limit)}`,
      );
  }
  for (const { line, phases } of result.rates) {
    const due = phases[0]?.perPeriod.mean ?? 0;
    if (due < limits.keptWithOneDead) {
      said.push(
        `${line}: ${percent(due)} of the due polls with nobody dead: this machine is too busy to say anything of rates and recovery`,
      );
    }
  }
  for (const { line, back } of result.rates) {
    for (const { device, recovery } of back) {
      const polls = recovery === undefined ? undefined : recovery.afterMs / periodMs;
      if (polls === undefined || polls > limits.backPolls)
        said.push(`${line}: ${device} was back after ${polls?.toFixed(1) ?? 'no number of'} polls`);
    }
  }
  if (result.notGood.length > 0) said.push(`not good at the end: ${result.notGood.slice(0, 10).join(', ')}`);
  for (const text of [...result.unreadable, ...result.crashes].slice(0, 10)) said.push(text);
  return said;
}

export function table(result: RigResult, periodMs: number): string {
  const head = ['fault', 'injected', 'met', 'wrong values', 'not back', 'worst recovery'];
  const body = rowsOf(result, periodMs).map((row) => [
    row.fault,
    String(row.injected),
    String(row.hits),
    String(row.wrong),
    String(row.notBack),
    row.worstPolls === undefined ? '-' : `${row.worstPolls.toFixed(2)} polls`,
  ]);
  const kept = keptRates(result);
  const rateHead = ['line', 'dead', 'polls per period', 'worst device', 'kept', 'worst kept', 'limit'];
  const rateBody = result.rates.flatMap(({ line, phases }) =>
    phases.map(({ dead, perPeriod }) => {
      const share = kept.find((each) => each.line === line && each.dead === dead.length);
      const shares =
        share === undefined ? ['', '', ''] : [percent(share.mean), percent(share.worst), percent(share.limit)];
      return [line, String(dead.length), perPeriod.mean.toFixed(3), perPeriod.worst.toFixed(3), ...shares];
    }),
  );
  const parts = [columns([head, ...body])];
  if (rateBody.length > 0) parts.push(columns([rateHead, ...rateBody]));
  return parts.join('\n\n');
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

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
