import type { Alarm, PositionFlood } from '@plantroom/contracts';
import { isAnnounced, needsAck } from './alarm-look.ts';

/** The most urgent first. `summary`: in a flood, for all that has come since the last one. */
export const chimes = ['life-safety', 'critical', 'alarm', 'summary'] as const;
export type Chime = (typeof chimes)[number];

export interface SoundInput {
  alarms: readonly Alarm[];
  floods: readonly PositionFlood[];
  /** The flood at the position that an alarm belongs to; undefined: none. */
  floodOf: (alarm: Alarm) => PositionFlood | undefined;
  nowMs: number;
}

const summaryEveryMs = 300_000;
const repeatEveryMs = 10_000;

/**
 * What a screen sounds: each alarm that asks to be acknowledged once; life safety again and again until it is. In a flood only life safety and
 * what is critical, the rest together once each five minutes. What stood before the screen was opened is silent, unless it is about life.
 */
export class AlarmSounder {
  /** Each alarm as it asked last. */
  #asking: ReadonlyMap<string, string> | null = null;
  /** By flood: when it sounded last, and whether anything has come since. */
  readonly #floods = new Map<string, { atMs: number; waits: boolean }>();
  #lifeSafetyAtMs: number | null = null;

  /** What to sound now; null: nothing. */
  take({ alarms, floods, floodOf, nowMs }: SoundInput): Chime | null {
    const asking = alarms.filter((alarm) => needsAck(alarm) && isAnnounced(alarm));
    const before = this.#asking;
    this.#asking = new Map(asking.map((alarm) => [alarm.id, askOf(alarm)]));
    const due = new Set<Chime>();
    this.#forget(floods);
    for (const { id } of floods) {
      if (this.#floods.has(id)) continue;
      this.#floods.set(id, { atMs: nowMs, waits: false });
      if (before !== null) due.add('summary');
    }
    for (const alarm of asking) {
      if (alarm.lifeSafety || before === null || before.get(alarm.id) === askOf(alarm)) continue;
      const held = this.#floods.get(floodOf(alarm)?.id ?? '');
      if (alarm.priority === 'critical') due.add('critical');
      else if (held === undefined) due.add('alarm');
      else held.waits = true;
    }
    for (const held of this.#floods.values()) {
      if (!held.waits || nowMs - held.atMs < summaryEveryMs) continue;
      Object.assign(held, { atMs: nowMs, waits: false });
      due.add('summary');
    }
    const ofLife = asking.filter(({ lifeSafety }) => lifeSafety);
    const isNew = ofLife.some((alarm) => before?.get(alarm.id) !== askOf(alarm));
    if (ofLife.length === 0) this.#lifeSafetyAtMs = null;
    else if (isNew || this.#lifeSafetyAtMs === null || nowMs - this.#lifeSafetyAtMs >= repeatEveryMs) {
      this.#lifeSafetyAtMs = nowMs;
      due.add('life-safety');
    }
    return chimes.find((chime) => due.has(chime)) ?? null;
  }

  /** When to ask again although nothing changes; null: never. */
  get nextMs(): number | null {
    const times = [...this.#floods.values()].filter(({ waits }) => waits).map(({ atMs }) => atMs + summaryEveryMs);
    if (this.#lifeSafetyAtMs !== null) times.push(this.#lifeSafetyAtMs + repeatEveryMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  #forget(floods: readonly PositionFlood[]): void {
    const here = new Set(floods.map(({ id }) => id));
    for (const id of this.#floods.keys()) if (!here.has(id)) this.#floods.delete(id);
  }
}

/** Another one whenever it asks anew: a new occurrence, active again, asked again, worse. */
const askOf = ({ occurrence, count, reAlarms, priority }: Alarm): string =>
  `${occurrence} ${count} ${reAlarms} ${priority}`;
