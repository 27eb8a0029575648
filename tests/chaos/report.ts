import type { ChaosResult } from './run-chaos.ts';

/** What was not kept, in words; empty: all of it was. */
export function broken(result: ChaosResult): string[] {
  const { ledger, alarms, notCurrent, unfinished, crashes, oddRequests } = result;
  const complaints: string[] = [];
  if (ledger.produced === 0) complaints.push('nothing was produced');
  if (ledger.missing > 0) complaints.push(`${ledger.missing} readings are missing`);
  if (ledger.doubled > 0) complaints.push(`${ledger.doubled} readings are stored more than once`);
  if (ledger.wrong > 0) complaints.push(`${ledger.wrong} stored values are wrong`);
  complaints.push(...alarms.complaints);
  if (notCurrent.length > 0)
    complaints.push(`${notCurrent.length} current values are not the devices', the first: ${notCurrent[0]}`);
  complaints.push(...unfinished);
  for (const [name, ends] of Object.entries(crashes))
    if (ends.length > 0) complaints.push(`${name} ended by itself ${ends.length} time(s): ${ends.join(', ')}`);
  if (oddRequests.length > 0) complaints.push(`${oddRequests.length} requests that no device knows, ${oddRequests[0]}`);
  return complaints;
}

export function table(result: ChaosResult): string {
  const { ledger, alarms } = result;
  const counts = (all: object): string =>
    Object.entries(all)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const rows: [string, string][] = [
    ['installation', `${result.historian}, ${result.broker} broker, ${result.units} devices, seed ${result.seed}`],
    ['chaos', `${result.lastedS.toFixed(0)} s: ${counts(result.events)}`],
    ['killed', counts(result.kills)],
    ['produced', `${ledger.produced} readings (${(ledger.produced / result.lastedS).toFixed(0)} a second)`],
    ['stored', `${ledger.stored}`],
    ['missing', `${ledger.missing}`],
    ['doubled', `${ledger.doubled}`],
    ['wrong', `${ledger.wrong}`],
    ['unsure', `${ledger.unsure}, of these stored ${ledger.unsureStored}`],
    [
      'faults',
      `${alarms.faults.one} that must give one alarm, ${alarms.faults.none} none, ${alarms.faults['at most one']} at most one`,
    ],
    [
      'raised',
      `${alarms.raised}, of these ${alarms.historical} found when they were over; ${alarms.orders} work orders`,
    ],
    ['until raised', `median ${alarms.delayMs.median} ms, longest ${alarms.delayMs.longest} ms`],
    ['other alarms', counts(alarms.others)],
    ['current values', result.notCurrent.length === 0 ? "all the devices'" : `${result.notCurrent.length} differ`],
    ['caught up', `${result.caughtUpAfterS.toFixed(1)} s after the last event`],
    [
      'longest start',
      counts(Object.fromEntries(Object.entries(result.longestStartMs).map(([n, ms]) => [n, `${ms} ms`]))),
    ],
  ];
  if (result.repeatedRows !== null) rows.push(['rows written again', `${result.repeatedRows}, which reading hides`]);
  return rows.map(([name, text]) => `${name.padEnd(20)}${text}`).join('\n');
}
