import { clock, type SeenAlarm, type SeenOrder } from './judge.ts';
import type { Played } from './run-scenario.ts';

/**
 * One story out of the segments of a scenario, in their order. What stands at a seam has to stand on both sides of it and is joined; the model has
 * to be the same there, or the segments are of two different buildings. Pure.
 */
export function joinSegments(parts: readonly Played[]): Played {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('no segment was played');
  return others.reduce(join, first);
}

function join(before: Played, after: Played): Played {
  const seamMs = after.segment.fromMs;
  const alarms = joinAlarms(before.alarms, after.alarms, seamMs);
  const sameModel = before.models.to === after.models.from;
  return {
    scenario: before.scenario,
    segment: { ...before.segment, toMs: after.segment.toMs, closeMs: after.segment.closeMs },
    models: { from: before.models.from, to: after.models.to },
    alarms: alarms.joined,
    orders: joinOrders(before.orders, after.orders, seamMs),
    told: [...before.told.filter(({ atMs }) => atMs < seamMs), ...after.told.filter(({ atMs }) => atMs >= seamMs)],
    journal: [
      ...before.journal.filter(({ atMs }) => atMs < before.zeroMs + seamMs),
      ...after.journal.filter(({ atMs }) => atMs >= after.zeroMs + seamMs),
    ],
    samples: [
      ...before.samples.filter(({ atMs }) => atMs < seamMs),
      ...after.samples.filter(({ atMs }) => atMs >= seamMs),
    ],
    problems: [
      ...before.problems,
      ...(sameModel ? [] : [`at the seam at ${clock(seamMs)} the model of one segment is not that of the other`]),
      ...alarms.problems,
      ...after.problems,
    ],
    zeroMs: before.zeroMs,
    simulatedMs: before.simulatedMs + after.simulatedMs,
    wallMs: before.wallMs + after.wallMs,
    cpuMs: before.cpuMs + after.cpuMs,
  };
}

function joinAlarms(
  before: readonly SeenAlarm[],
  after: readonly SeenAlarm[],
  seamMs: number,
): { joined: SeenAlarm[]; problems: string[] } {
  const isStanding = ({ atMs, returnedMs, historical }: SeenAlarm): boolean =>
    !historical && atMs < seamMs && (returnedMs === null || returnedMs >= seamMs);
  const told = before.filter(({ atMs }) => atMs < seamMs);
  const there = new Map(after.filter(isStanding).map((one) => [one.alarm, one]));
  const problems: string[] = [];
  const joined = told.map((one) => {
    if (!isStanding(one)) return one;
    const further = there.get(one.alarm);
    there.delete(one.alarm);
    if (further === undefined) problems.push(`${one.alarm} stands at the seam at ${clock(seamMs)}, and not behind it`);
    return { ...one, returnedMs: further?.returnedMs ?? null };
  });
  for (const alarm of there.keys())
    problems.push(`${alarm} stands behind the seam at ${clock(seamMs)}, and not before it`);
  return { joined: [...joined, ...after.filter(({ atMs }) => atMs >= seamMs)], problems };
}

/** An order of an alarm that stands at the seam is opened on the second line too: what became of it there is the end of the first one. */
function joinOrders(before: readonly SeenOrder[], after: readonly SeenOrder[], seamMs: number): SeenOrder[] {
  const further = after.filter(({ openedMs }) => openedMs < seamMs);
  const joined = before
    .filter(({ openedMs }) => openedMs < seamMs)
    .map((order) => {
      const same = further.find(
        ({ equipment, failureMode }) => equipment === order.equipment && failureMode === order.failureMode,
      );
      if (order.closedMs !== null || same === undefined) return order;
      const { closedMs, reopened, state } = same;
      // Nobody has touched it there: what was done in the first segment holds.
      return state === 'open' ? order : { ...order, closedMs, reopened: order.reopened + reopened, state };
    });
  return [...joined, ...after.filter(({ openedMs }) => openedMs >= seamMs)];
}
