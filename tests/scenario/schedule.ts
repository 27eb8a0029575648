import { errorMessage } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { FaultBoard } from '../../simulators/src/faults/fault-board.ts';
import { act, sign } from './acts.ts';
import type { Scenario } from './file/schema.ts';
import type { Stage } from './line/stage.ts';

export interface Due {
  /** Since the start of the scenario, ms. */
  atMs: number;
  run(): Promise<void>;
}

/** Something that begins or ends in the building. */
export interface Occurring {
  /** Since the start of the scenario, ms. */
  atMs: number;
  run(faults: FaultBoard, nowMs: number): void;
}

/** Faults and activities, in order of time: what comes before a time, and the rest. */
export function occurrencesOf(
  { faults, activities = [] }: Pick<Scenario, 'faults' | 'activities'>,
  splitMs: number,
): { before: Occurring[]; after: Occurring[] } {
  const all: Occurring[] = [];
  for (const { at, equipment, fault, point, severity, ramp, until } of [...faults, ...activities]) {
    let id: string | undefined;
    const request = {
      equipment,
      fault,
      ...(point === undefined ? {} : { point }),
      ...(severity === undefined ? {} : { severity }),
      ...(ramp === undefined ? {} : { rampS: parseDuration(ramp) / 1000 }),
    };
    all.push({
      atMs: parseDuration(at),
      run(board, nowMs) {
        ({ id } = board.set(request, nowMs));
      },
    });
    if (until !== undefined)
      all.push({
        atMs: parseDuration(until),
        run(board) {
          if (id !== undefined) board.clear(id);
        },
      });
  }
  all.sort((a, b) => a.atMs - b.atMs);
  return { before: all.filter(({ atMs }) => atMs < splitMs), after: all.filter(({ atMs }) => atMs >= splitMs) };
}

export interface ScheduleOptions {
  /** Those that are still to come. */
  occurrences: readonly Occurring[];
  /** What befalls the line and what operators do before is left out. */
  fromMs: number;
  stage: Stage;
  site: string;
  /** Hears what the product did not let anybody do. */
  refused(complaint: string): void;
}

/** Everything that a scenario does, in order of time. */
export function scheduleOf(scenario: Scenario, { occurrences, fromMs, stage, site, refused }: ScheduleOptions): Due[] {
  const { line, time } = stage;
  const due: Due[] = occurrences.map(({ atMs, run }) => ({
    atMs,
    run: () => Promise.resolve(run(line.faults, time.clock.nowMs())),
  }));
  const add = (at: string, run: () => Promise<void> | void): void => {
    const atMs = parseDuration(at);
    if (atMs >= fromMs) due.push({ atMs, run: async () => void (await run()) });
  };
  for (const event of scenario.line ?? []) {
    if ('cut' in event) {
      let mend: (() => void) | undefined;
      add(event.at, () => {
        mend = stage.cut(event.cut);
      });
      add(event.until, () => mend?.());
    } else if ('outbox' in event) {
      add(event.at, () => line.fillDisk(true));
      add(event.until, () => line.fillDisk(false));
    } else {
      add(event.at, () => (event.restart === 'gateway' ? line.stopGateway() : line.stopServer()));
      add(event.until ?? event.at, () => (event.restart === 'gateway' ? line.startGateway() : line.startServer()));
    }
  }
  for (const what of scenario.operators ?? [])
    add(what.at, async () => {
      try {
        const server = line.server();
        if (server === undefined) throw new Error('the server is down');
        await sign(line.database.db, what);
        await time.until(act(server.engine, site, what));
      } catch (error) {
        refused(`at ${what.at}: ${errorMessage(error)}`);
      }
    });
  return due.sort((a, b) => a.atMs - b.atMs);
}
