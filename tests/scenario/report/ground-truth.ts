import { parseDuration } from '@plantroom/device-profiles';
import type { Occurrence } from '../../../simulators/src/export/fault-plan.ts';
import { faultCatalogue } from '../../../simulators/src/faults/catalogue.ts';
import type { ScenarioResult } from '../run-scenario.ts';

/**
 * One JSON object a line, times in UTC ms, for scoring detection. First `scenario`; then, by time: `fault`, `activity` and `line` with their
 * spans (`toMs` null: to the end), `alarm`, `order` and `notification` as they were seen, and at even times `state`: the true values of the equipment
 * concerned, how far each fault has grown (0..1), and `anomaly`: whether any has begun. Pure.
 */
export function groundTruth(result: ScenarioResult, site: string): string {
  const { scenario, samples, alarms, orders, told, simulatedMs } = result;
  const zeroMs = Date.parse(scenario.start);
  const at = (duration: string): number => zeroMs + parseDuration(duration);
  const until = (duration: string | undefined): number | null => (duration === undefined ? null : at(duration));
  const span = ({ at: from, until: to, equipment, fault, severity = 1, ramp }: Occurrence) => ({
    fromMs: at(from),
    toMs: until(to),
    equipment,
    fault,
    severity,
    rampMs: ramp === undefined ? 0 : parseDuration(ramp),
    kind: faultCatalogue.find(({ id }) => id === fault)?.kind ?? null,
  });
  const settleMs = parseDuration(scenario.settle);
  const head = {
    type: 'scenario',
    scenario: scenario.scenario,
    site,
    seed: scenario.seed,
    fromMs: zeroMs - settleMs,
    zeroMs,
    toMs: zeroMs - settleMs + simulatedMs,
  };
  const isFault = new Set(scenario.faults.map(({ fault, equipment }) => `${fault} of ${equipment}`));
  const rows: { atMs: number; row: object }[] = [
    ...scenario.faults.map((one) => ({ atMs: at(one.at), row: { type: 'fault', ...span(one) } })),
    ...(scenario.activities ?? []).map((one) => ({ atMs: at(one.at), row: { type: 'activity', ...span(one) } })),
    ...(scenario.line ?? []).map(({ at: from, until: to, ...what }) => ({
      atMs: at(from),
      row: { type: 'line', fromMs: at(from), toMs: until(to), ...what },
    })),
    ...alarms.map(({ alarm, atMs, returnedMs, historical, test }) => ({
      atMs: zeroMs + atMs,
      row: {
        type: 'alarm',
        alarm,
        fromMs: zeroMs + atMs,
        toMs: returnedMs === null ? null : zeroMs + returnedMs,
        historical,
        test: test ?? false,
      },
    })),
    ...orders.map(({ openedMs, closedMs, ...order }) => ({
      atMs: zeroMs + openedMs,
      row: {
        type: 'order',
        ...order,
        openedMs: zeroMs + openedMs,
        closedMs: closedMs === null ? null : zeroMs + closedMs,
      },
    })),
    ...told.map(({ alarm, toldMs }) => ({
      atMs: zeroMs + toldMs,
      row: { type: 'notification', alarm, toldMs: zeroMs + toldMs },
    })),
    ...samples.map(({ atMs, values, levels }) => ({
      atMs: zeroMs + atMs,
      row: {
        type: 'state',
        atMs: zeroMs + atMs,
        anomaly: Object.entries(levels).some(([what, level]) => level > 0 && isFault.has(what)),
        levels,
        values,
      },
    })),
  ];
  rows.sort((a, b) => a.atMs - b.atMs);
  return `${[head, ...rows.map(({ row }) => row)].map((row) => JSON.stringify(row)).join('\n')}\n`;
}
