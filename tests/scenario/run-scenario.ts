import type { AlarmJournalEntry } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { Scenario } from './file/schema.ts';
import { floodComplaints } from './floods.ts';
import { judge, type SeenAlarm, type SeenOrder, type Verdict } from './judge.ts';
import { toldComplaints } from './judge-told.ts';
import type { Stage, StageOptions } from './line/stage.ts';
import { Recorder, type Sample } from './recorder.ts';
import { occurrencesOf, scheduleOf } from './schedule.ts';
import { whatCame } from './seen.ts';
import type { Segment } from './segments.ts';
import { stateComplaints } from './shown-states.ts';
import { type SeenTold, whatWasTold } from './told.ts';

/** The engine is waited for so often at least; what it has not done yet must not pile up. */
const lookMs = 60_000;

/** What came of a scenario, or of a segment of it. */
export interface Played {
  scenario: Scenario;
  segment: Segment;
  alarms: SeenAlarm[];
  orders: SeenOrder[];
  told: SeenTold[];
  journal: AlarmJournalEntry[];
  samples: Sample[];
  /** What the product did not let anybody do, and what does not fit together at a seam. */
  problems: string[];
  /** Fingerprints of the model at the two ends of the segment. */
  models: { from: string; to: string };
  /** UTC ms of the start of the scenario. */
  zeroMs: number;
  simulatedMs: number;
  wallMs: number;
  /** Of the processes that played it, user and system; on a machine with other work this says more than the wall does. */
  cpuMs: number;
}

export type ScenarioResult = Played & Verdict;

export interface RunOptions {
  site: string;
  segment: Segment;
  /** Opens the line that it is played on. */
  stage(options: StageOptions): Promise<Stage>;
  isDisabled?: ((id: string) => boolean) | undefined;
}

/** Plays a segment of a scenario through the real line. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Played> {
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const { site, segment, isDisabled } = options;
  const { openMs, fromMs, toMs, closeMs } = segment;
  const startMs = Date.parse(scenario.start);
  const settleMs = parseDuration(scenario.settle);
  const { before, after } = occurrencesOf(scenario, openMs);
  const stage = await options.stage({
    seed: scenario.seed,
    startMs: startMs + openMs,
    past:
      openMs === -settleMs
        ? undefined
        : { fromMs: startMs - settleMs, events: before.map(({ atMs, run }) => ({ atMs: startMs + atMs, run })) },
    isDisabled,
  });
  try {
    const { time, line } = stage;
    const { clock } = time;
    // Opening the line has taken some of it.
    const zeroMs = stage.startMs - openMs;
    const problems: string[] = [];
    const due = scheduleOf(scenario, {
      occurrences: after,
      fromMs: openMs,
      stage,
      site,
      refused: (complaint) => void problems.push(complaint),
    });
    const recorder = new Recorder(scenario);
    const models = { from: '', to: '' };
    const sinceMs = (): number => clock.nowMs() - zeroMs;
    // All segments sample at the same times.
    let sampleAtMs = openMs - ((openMs + settleMs) % recorder.periodMs);
    for (;;) {
      const nowMs = sinceMs();
      if (models.from === '' && nowMs >= fromMs) models.from = line.building.fingerprint();
      if (models.to === '' && nowMs >= toMs) models.to = line.building.fingerprint();
      if (nowMs >= closeMs) break;
      if (nowMs >= sampleAtMs) {
        recorder.sample(line, { atMs: nowMs, nowMs: clock.nowMs() });
        sampleAtMs += recorder.periodMs;
      }
      for (let next = due[0]; next !== undefined && next.atMs <= sinceMs(); next = due[0]) {
        due.shift();
        await next.run();
      }
      const marks = [fromMs, toMs, closeMs].filter((ms) => ms > sinceMs());
      const untilMs = Math.min(due[0]?.atMs ?? closeMs, sampleAtMs, sinceMs() + lookMs, ...marks);
      await time.advance(Math.max(0, untilMs - sinceMs()));
      await line.server()?.engine.settled();
    }
    problems.push(...line.duty.refusals().map((why) => `the duty desk did not take a message: ${why}`));
    return {
      scenario,
      segment,
      told: whatWasTold(line.duty.told(), { zeroMs, site }),
      ...(await whatCame(line.database, { zeroMs, site })),
      samples: recorder.samples,
      problems,
      models,
      zeroMs,
      simulatedMs: toMs - fromMs,
      wallMs: performance.now() - began,
      cpuMs: cpuSince(cpuBegan),
    };
  } finally {
    await stage.end();
  }
}

/** Pure. */
export function judged(played: Played): ScenarioResult {
  const verdict = judge(played.scenario, played);
  const { states = [], floods } = played.scenario.expect;
  const others = [
    ...stateComplaints(states, played),
    ...(floods === undefined ? [] : floodComplaints(floods, played)),
    ...toldComplaints(played.scenario, played.told),
  ];
  return { ...played, ...verdict, complaints: [...played.problems, ...verdict.complaints, ...others] };
}

function cpuSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
