import type { AlarmJournalEntry } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { Scenario } from './file/schema.ts';
import { judge, type SeenAlarm, type SeenOrder, type Verdict } from './judge.ts';
import type { Stage, StageOptions } from './line/stage.ts';
import { Recorder, type Sample } from './recorder.ts';
import { scheduleOf } from './schedule.ts';
import { whatCame } from './seen.ts';

/** The engine is waited for so often at least; what it has not done yet must not pile up. */
const lookMs = 60_000;

export interface ScenarioResult extends Verdict {
  scenario: Scenario;
  alarms: SeenAlarm[];
  orders: SeenOrder[];
  journal: AlarmJournalEntry[];
  samples: Sample[];
  simulatedMs: number;
  wallMs: number;
  /** Of the process that played it, user and system; on a machine with other work this says more than the wall does. */
  cpuMs: number;
}

export interface RunOptions {
  site: string;
  /** Opens the line that it is played on. */
  stage(options: StageOptions): Promise<Stage>;
  isDisabled?: ((id: string) => boolean) | undefined;
}

/** Plays a scenario through the real line and judges what came of it. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const settleMs = parseDuration(scenario.settle);
  const durationMs = parseDuration(scenario.duration);
  const { site, isDisabled } = options;
  const stage = await options.stage({
    seed: scenario.seed,
    startMs: Date.parse(scenario.start) - settleMs,
    isDisabled,
  });
  try {
    const { time, line } = stage;
    const { clock } = time;
    // Opening the line has taken some of it.
    const zeroMs = stage.startMs + settleMs;
    const refused: string[] = [];
    const due = scheduleOf(scenario, { stage, site, refused: (complaint) => void refused.push(complaint) });
    const recorder = new Recorder(scenario);
    let sampleAtMs = -settleMs;
    const sinceMs = (): number => clock.nowMs() - zeroMs;
    while (sinceMs() < durationMs) {
      if (sinceMs() >= sampleAtMs) {
        recorder.sample(line, { atMs: sinceMs(), nowMs: clock.nowMs() });
        sampleAtMs += recorder.periodMs;
      }
      for (let next = due[0]; next !== undefined && next.atMs <= sinceMs(); next = due[0]) {
        due.shift();
        await next.run();
      }
      const untilMs = Math.min(due[0]?.atMs ?? durationMs, sampleAtMs, sinceMs() + lookMs, durationMs);
      await time.advance(Math.max(0, untilMs - sinceMs()));
      await line.server()?.engine.settled();
    }
    const seen = await whatCame(line.database, { zeroMs, site });
    const verdict = judge(scenario, seen);
    return {
      scenario,
      ...seen,
      samples: recorder.samples,
      ...verdict,
      complaints: [...refused, ...verdict.complaints],
      simulatedMs: settleMs + durationMs,
      wallMs: performance.now() - began,
      cpuMs: cpuSince(cpuBegan),
    };
  } finally {
    await stage.end();
  }
}

function cpuSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
