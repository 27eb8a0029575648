import { fileURLToPath } from 'node:url';
import type { AlarmJournalEntry, Logger } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import { readJournal } from '../../server/src/repositories/alarm-repository.ts';
import type { Database } from '../../server/src/repositories/database.ts';
import { listOrders } from '../../server/src/repositories/work-order-repository.ts';
import { judge, type SeenAlarm, type SeenOrder, type Verdict } from './judge.ts';
import type { Scenario } from './scenario-file.ts';
import { openVirtualLine } from './virtual-line.ts';
import type { VirtualNet } from './virtual-net.ts';

const demo = (name: string): string => fileURLToPath(new URL(`../../simulators/demo/${name}`, import.meta.url));
const lookMs = 60_000;

export interface ScenarioResult extends Verdict {
  scenario: Scenario;
  alarms: SeenAlarm[];
  orders: SeenOrder[];
  simulatedMs: number;
  wallMs: number;
}

/** Plays a scenario through the real line, with sockets of its own and time of its own. */
export async function runScenario(
  scenario: Scenario,
  { net, logger }: { net: VirtualNet; logger: Logger },
): Promise<ScenarioResult> {
  const began = performance.now();
  const settleMs = parseDuration(scenario.settle);
  const durationMs = parseDuration(scenario.duration);
  const zeroMs = Date.parse(scenario.start);
  const line = await openVirtualLine({
    net,
    startMs: zeroMs - settleMs,
    seed: scenario.seed,
    siteFile: demo('site.yaml'),
    gatewayFile: demo('gateway.yaml'),
    logger,
  });
  try {
    const { time, faults, engine, database } = line;
    for (const { at, equipment, fault, point, severity, ramp, until } of [
      ...scenario.faults,
      ...(scenario.activities ?? []),
    ]) {
      const inMs = (duration: string): number => zeroMs + parseDuration(duration) - time.clock.nowMs();
      time.clock.after(inMs(at), () => {
        const { id } = faults.set(
          {
            equipment,
            fault,
            ...(point === undefined ? {} : { point }),
            ...(severity === undefined ? {} : { severity }),
            ...(ramp === undefined ? {} : { rampS: parseDuration(ramp) / 1000 }),
          },
          time.clock.nowMs(),
        );
        if (until !== undefined) time.clock.after(inMs(until), () => void faults.clear(id));
      });
    }
    while (time.clock.nowMs() < zeroMs + durationMs) {
      await time.advance(Math.min(lookMs, zeroMs + durationMs - time.clock.nowMs()));
      await engine.settled();
    }
    const site = 'demo/';
    const seen = await whatCame(database, { zeroMs, site });
    return {
      scenario,
      ...seen,
      ...judge(scenario, seen),
      simulatedMs: settleMs + durationMs,
      wallMs: performance.now() - began,
    };
  } finally {
    await line.stop();
  }
}

async function whatCame(
  database: Database,
  { zeroMs, site }: { zeroMs: number; site: string },
): Promise<{ alarms: SeenAlarm[]; orders: SeenOrder[] }> {
  const entries: AlarmJournalEntry[] = [];
  for (let after: string | undefined; ; ) {
    const page = await readJournal(database.db, { limit: 1000, ...(after === undefined ? {} : { after }) });
    entries.push(...page.items);
    if (page.next === null) break;
    after = page.next;
  }
  const alarms: SeenAlarm[] = [];
  const standing = new Map<string, SeenAlarm>();
  for (const { action, alarm, atMs } of entries.reverse()) {
    const name = alarm.slice(site.length);
    if (action === 'activated' || action === 'reactivated') {
      const seen: SeenAlarm = { alarm: name, atMs: atMs - zeroMs, returnedMs: null };
      alarms.push(seen);
      standing.set(name, seen);
    } else if (action === 'returned' || action === 'latched') {
      const seen = standing.get(name);
      if (seen !== undefined) seen.returnedMs = atMs - zeroMs;
    }
  }
  const { items } = await listOrders(database.db, {});
  const orders = items.map(({ equipment, failureMode, openedMs }) => ({
    equipment: equipment.slice(site.length),
    failureMode,
    openedMs: openedMs - zeroMs,
  }));
  return { alarms, orders };
}
