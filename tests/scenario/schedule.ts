import { errorMessage } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import { act } from './acts.ts';
import type { Scenario } from './file/schema.ts';
import type { Stage } from './line/stage.ts';

export interface Due {
  /** Since the start of the scenario, ms. */
  atMs: number;
  run(): Promise<void>;
}

/** Everything that a scenario does, in order of time; `refused` hears what the product did not let anybody do. */
export function scheduleOf(
  scenario: Scenario,
  { stage, site, refused }: { stage: Stage; site: string; refused(complaint: string): void },
): Due[] {
  const { line, time } = stage;
  const due: Due[] = [];
  const add = (at: string, run: () => Promise<void> | void): void => {
    due.push({ atMs: parseDuration(at), run: async () => void (await run()) });
  };
  for (const { at, equipment, fault, point, severity, ramp, until } of [
    ...scenario.faults,
    ...(scenario.activities ?? []),
  ]) {
    let id: string | undefined;
    add(at, () => {
      const request = {
        equipment,
        fault,
        ...(point === undefined ? {} : { point }),
        ...(severity === undefined ? {} : { severity }),
        ...(ramp === undefined ? {} : { rampS: parseDuration(ramp) / 1000 }),
      };
      ({ id } = line.faults.set(request, time.clock.nowMs()));
    });
    if (until !== undefined)
      add(until, () => {
        if (id !== undefined) line.faults.clear(id);
      });
  }
  for (const event of scenario.line ?? []) {
    if ('cut' in event) {
      let mend: (() => void) | undefined;
      add(event.at, () => {
        mend = stage.cut(event.cut);
      });
      add(event.until, () => mend?.());
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
        await time.until(act(server.engine, site, what));
      } catch (error) {
        refused(`at ${what.at}: ${errorMessage(error)}`);
      }
    });
  return due.sort((a, b) => a.atMs - b.atMs);
}
