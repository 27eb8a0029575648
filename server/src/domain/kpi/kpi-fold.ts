import type { AlarmPriority, AlarmState } from '@plantroom/contracts';
import { asMet, isAnnunciation } from '../alarms/annunciation.ts';
import { type AlarmTrack, followCondition, isUnacked, type KpiRow, newTrack } from './alarm-track.ts';

export const rateStepMs = 600_000;
const hourMs = 3_600_000;

export interface KpiPeriod {
  /** Server time, inclusive. */
  fromMs: number;
  /** Exclusive; not in the future. */
  toMs: number;
  /** How far the site's clock is ahead of UTC, ms: full ten minutes and hours are those of its clock. */
  zoneOffsetMs: number;
  /** Whether a change of settings without a user is known to the audit; left out: none is. */
  isAudited?: (row: KpiRow) => boolean;
}

export interface KpiFold {
  tracks: ReadonlyMap<string, AlarmTrack>;
  /** Start of the first ten-minute period, UTC ms. */
  gridFromMs: number;
  /** Annunciated alarms of each ten-minute period. */
  counts: Int32Array;
  annunciated: number;
  byPriority: Record<AlarmPriority, number>;
  /** From the moment an alarm asked to be acknowledged until it was, ms. */
  acknowledgeMs: number[];
  timeInState: Map<AlarmState, number>;
  shelved: number;
  removed: number;
  removedWithoutOrder: number;
  unauthorised: number;
  reAlarms: number;
}

/** Acts that only a person may do. */
const personal: readonly KpiRow['action'][] = [
  'acknowledged',
  'reset',
  'shelved',
  'unshelved',
  'out-of-service',
  'returned-to-service',
  'commented',
];

/**
 * Folds entries, in the order of the journal, into what the KPIs are made of. Two clocks: what an operator meets (rates, floods, time to
 * acknowledge, time in a state) goes by the server's, what equipment does (duration, chattering, stale) by wire time. Entries from before
 * the period only set up how alarms stood at its start.
 */
export class KpiFolder {
  readonly #period: KpiPeriod;
  readonly #tracks = new Map<string, AlarmTrack>();
  readonly #fold: Omit<KpiFold, 'tracks'>;

  constructor(period: KpiPeriod) {
    this.#period = period;
    const shift = ((period.zoneOffsetMs % hourMs) + hourMs) % hourMs;
    const gridFromMs = Math.floor((period.fromMs + shift) / rateStepMs) * rateStepMs - shift;
    this.#fold = {
      gridFromMs,
      counts: new Int32Array(Math.max(1, Math.ceil((period.toMs - gridFromMs) / rateStepMs))),
      annunciated: 0,
      byPriority: { critical: 0, high: 0, medium: 0, low: 0 },
      acknowledgeMs: [],
      timeInState: new Map(),
      shelved: 0,
      removed: 0,
      removedWithoutOrder: 0,
      unauthorised: 0,
      reAlarms: 0,
    };
  }

  add(entry: KpiRow): void {
    const { fromMs, toMs } = this.#period;
    const row = asMet(entry);
    if (row === null || row.recordedMs >= toMs) return;
    const counts = row.recordedMs >= fromMs;
    let track = this.#tracks.get(row.alarm);
    if (track === undefined) {
      track = newTrack(row, counts ? fromMs : row.recordedMs);
      this.#tracks.set(row.alarm, track);
    }
    const annunciated = counts && isAnnunciation(row);
    followCondition(track, row, annunciated);
    this.#followState(track, row, counts);
    track.priority = row.priority;
    if (annunciated) this.#annunciate(row);
    if (counts) this.#countActs(row);
  }

  /** Ends the period. */
  result(): KpiFold {
    for (const track of this.#tracks.values()) this.#spend(track.state, track.stateSinceMs, this.#period.toMs);
    return { ...this.#fold, tracks: this.#tracks };
  }

  #annunciate(row: KpiRow): void {
    const at = Math.floor((row.recordedMs - this.#fold.gridFromMs) / rateStepMs);
    this.#fold.counts[at] = (this.#fold.counts[at] ?? 0) + 1;
    this.#fold.annunciated++;
    this.#fold.byPriority[row.priority]++;
  }

  #followState(track: AlarmTrack, row: KpiRow, counts: boolean): void {
    this.#spend(track.state, track.stateSinceMs, row.recordedMs);
    const asks = isUnacked(row.stateAfter);
    if (track.unackedSinceMs !== null && !asks) {
      if (counts && row.action === 'acknowledged') {
        this.#fold.acknowledgeMs.push(Math.max(0, row.recordedMs - track.unackedSinceMs));
      }
      track.unackedSinceMs = null;
    } else if (track.unackedSinceMs === null && asks) track.unackedSinceMs = row.recordedMs;
    track.state = row.stateAfter;
    track.stateSinceMs = row.recordedMs;
  }

  #spend(state: AlarmState, fromMs: number, toMs: number): void {
    if (state === 'NORM') return;
    const ms = Math.min(toMs, this.#period.toMs) - Math.max(fromMs, this.#period.fromMs);
    if (ms > 0) this.#fold.timeInState.set(state, (this.#fold.timeInState.get(state) ?? 0) + ms);
  }

  #countActs(row: KpiRow): void {
    const fold = this.#fold;
    if (row.action === 'shelved') fold.shelved++;
    if (row.action === 're-alarmed') fold.reAlarms++;
    if (row.action === 'out-of-service') {
      fold.removed++;
      if ((row.details?.workOrder ?? '') === '') fold.removedWithoutOrder++;
    }
    const isNameless = row.user === null || row.user === '';
    if (!isNameless) return;
    const isChange = row.action === 'configured' && !(this.#period.isAudited?.(row) ?? false);
    if (isChange || personal.includes(row.action)) fold.unauthorised++;
  }
}
