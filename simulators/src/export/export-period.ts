import type { PointValue } from '@plantroom/contracts';
import { type ActiveFault, type FaultBoard, type FaultRequest, levelOf } from '../faults/fault-board.ts';
import type { BuildingRunner } from '../model/building-runner.ts';
import { motionStepMs } from '../model/building-runner.ts';
import type { BuildingTime } from '../model/building-time.ts';

/** A fault or an activity of the period. */
export interface PlannedFault extends FaultRequest {
  /** Since the beginning, ms. */
  atMs: number;
  /** Left out: to the end. */
  untilMs?: number;
}

export interface ExportOptions {
  runner: BuildingRunner;
  faults: FaultBoard;
  /** Held; the model is stepped by it. */
  time: BuildingTime;
  plan: readonly PlannedFault[];
  durationMs: number;
  everyMs: number;
  /** What the devices say of an equipment now, in the order of `points`; undefined: they say nothing. */
  row(equipment: string): readonly PointValue[] | undefined;
  equipment: readonly string[];
  sample(equipment: string, timeMs: number, values: readonly PointValue[]): void;
  /** Of each fault that is on, with each sample. */
  level(fault: ActiveFault, timeMs: number, level: number): void;
}

export interface Label {
  fault: ActiveFault;
  startMs: number;
  endMs: number;
}

/** Steps the model through the period as it would run, and samples it. Answers what befell it. */
export function exportPeriod(options: ExportOptions): Label[] {
  const { runner, faults, time, plan, durationMs, everyMs } = options;
  const beginMs = time.nowMs();
  const due = plan.flatMap((fault): { atMs: number; begins: boolean; fault: PlannedFault }[] => [
    { atMs: fault.atMs, begins: true, fault },
    ...(fault.untilMs === undefined ? [] : [{ atMs: fault.untilMs, begins: false, fault }]),
  ]);
  due.sort((a, b) => a.atMs - b.atMs);
  const on = new Map<PlannedFault, { active: ActiveFault; startMs: number }>();
  const labels: Label[] = [];
  let next = 0;
  for (let sinceMs = 0; sinceMs < durationMs; ) {
    for (let one = due[next]; one !== undefined && one.atMs <= sinceMs; one = due[++next]) {
      const standing = on.get(one.fault);
      if (one.begins) on.set(one.fault, { active: faults.set(one.fault, time.nowMs()), startMs: time.nowMs() });
      else if (standing !== undefined) {
        faults.clear(standing.active.id);
        on.delete(one.fault);
        labels.push({ fault: standing.active, startMs: standing.startMs, endMs: time.nowMs() });
      }
    }
    if (sinceMs % everyMs === 0) sample(options, time.nowMs());
    time.advance(motionStepMs);
    runner.step();
    sinceMs += motionStepMs;
  }
  for (const { active, startMs } of on.values()) labels.push({ fault: active, startMs, endMs: beginMs + durationMs });
  return labels.sort((a, b) => a.startMs - b.startMs || (a.fault.id < b.fault.id ? -1 : 1));
}

function sample({ equipment, row, faults, sample: take, level }: ExportOptions, timeMs: number): void {
  for (const id of equipment) {
    const values = row(id);
    if (values !== undefined) take(id, timeMs, values);
  }
  for (const fault of faults.active) level(fault, timeMs, levelOf(fault, timeMs));
}
