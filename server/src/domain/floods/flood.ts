import { type AlarmPriority, type FloodFigures, floodRule, type System } from '@plantroom/contracts';

/** An alarm that was told to the operator. */
export interface Annunciation {
  alarm: string;
  equipment: string | null;
  system: System | null;
  priority: AlarmPriority;
  lifeSafety: boolean;
  /** Server time. */
  atMs: number;
}

export interface Flood {
  beganMs: number;
  endedMs: number | null;
  peak: number;
  first: Annunciation;
  alarms: number;
  lifeSafety: number;
  critical: number;
  bySystem: ReadonlyMap<System | null, number>;
  byEquipment: ReadonlyMap<string | null, number>;
}

/** What one operating position has been told of late, and the flood that goes on; null: none. */
export interface FloodState {
  /** In the order of time: the last ten minutes, and at least as many as decide over the end. */
  recent: readonly Annunciation[];
  flood: Flood | null;
}

export interface FloodNews {
  type: 'began' | 'ended';
  atMs: number;
  flood: Flood;
  /** Within ten minutes up to then. */
  rate: number;
}

const { windowMs, beginsAbove, endsBelow } = floodRule;
const mostEquipment = 5;

export const noFlood: FloodState = { recent: [], flood: null };

/** Pure: how many were told within the ten minutes up to then. */
export function rateAt({ recent }: Pick<FloodState, 'recent'>, nowMs: number): number {
  return recent.filter(({ atMs }) => atMs > nowMs - windowMs && atMs <= nowMs).length;
}

/**
 * Pure: what has been told since, in the order of time, and server time up to now. The end is due at the millisecond at which too few are left,
 * and is said once that millisecond is over: what else came in it counts. A clock that steps back stands still.
 */
export function passFlood(
  before: FloodState,
  { told, nowMs }: { told: readonly Annunciation[]; nowMs: number },
): { state: FloodState; news: FloodNews[] } {
  const pass = new Pass(before);
  for (const each of told) pass.take(each);
  pass.endBefore(nowMs);
  const isSame = told.length === 0 && pass.news.length === 0;
  return { state: isSame ? before : pass.result(), news: pass.news };
}

/** Works on copies of its own: a storm of thousands is counted in one go. */
class Pass {
  readonly news: FloodNews[] = [];
  readonly #recent: Annunciation[];
  /** Of the first that lies within ten minutes. */
  #from = 0;
  #flood: Flood | null;
  #untold: Annunciation[] = [];
  #peak = 0;

  constructor({ recent, flood }: FloodState) {
    this.#recent = [...recent];
    this.#flood = flood;
    this.#peak = flood?.peak ?? 0;
  }

  take(each: Annunciation): void {
    const atMs = Math.max(each.atMs, this.#recent.at(-1)?.atMs ?? 0);
    const told = { ...each, atMs };
    this.endBefore(atMs);
    this.#recent.push(told);
    const rate = this.#rateAt(atMs);
    if (this.#flood !== null) {
      this.#untold.push(told);
      this.#peak = Math.max(this.#peak, rate);
    } else if (rate > beginsAbove) {
      const those = this.#recent.slice(this.#from);
      this.#peak = rate;
      this.#flood = counted({ ...nothing, beganMs: atMs, peak: rate, first: those[0] ?? told }, those);
      this.news.push({ type: 'began', atMs, flood: this.#flood, rate });
    }
  }

  endBefore(nowMs: number): void {
    const decides = this.#recent.at(-endsBelow);
    if (this.#flood === null || decides === undefined) return;
    const endedMs = decides.atMs + windowMs;
    if (endedMs >= nowMs) return;
    const flood = { ...this.#settled(this.#flood), endedMs };
    this.news.push({ type: 'ended', atMs: endedMs, flood, rate: this.#rateAt(endedMs) });
    this.#flood = null;
  }

  result(): FloodState {
    const kept = Math.max(0, Math.min(this.#from, this.#recent.length - endsBelow));
    const flood = this.#flood === null ? null : this.#settled(this.#flood);
    return { recent: this.#recent.slice(kept), flood };
  }

  /** Times never fall, so the window only moves on. */
  #rateAt(nowMs: number): number {
    while ((this.#recent[this.#from]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs - windowMs) this.#from++;
    return this.#recent.length - this.#from;
  }

  #settled(flood: Flood): Flood {
    const told = this.#untold;
    this.#untold = [];
    return told.length === 0 ? flood : { ...counted(flood, told), peak: this.#peak };
  }
}

const nothing = {
  endedMs: null,
  alarms: 0,
  lifeSafety: 0,
  critical: 0,
  bySystem: new Map<System | null, number>(),
  byEquipment: new Map<string | null, number>(),
};

function counted(flood: Flood, told: readonly Annunciation[]): Flood {
  const bySystem = new Map(flood.bySystem);
  const byEquipment = new Map(flood.byEquipment);
  let { alarms, lifeSafety, critical } = flood;
  for (const each of told) {
    alarms++;
    if (each.lifeSafety) lifeSafety++;
    else if (each.priority === 'critical') critical++;
    bySystem.set(each.system, (bySystem.get(each.system) ?? 0) + 1);
    byEquipment.set(each.equipment, (byEquipment.get(each.equipment) ?? 0) + 1);
  }
  return { ...flood, alarms, lifeSafety, critical, bySystem, byEquipment };
}

/** Pure: what is said of it. */
export function figuresOf(flood: Flood, rate: number): Omit<FloodFigures, 'position'> {
  const { beganMs, alarms, lifeSafety, critical, peak, first, bySystem, byEquipment } = flood;
  const most = <T extends string>(counts: ReadonlyMap<T | null, number>): [T | null, number][] =>
    [...counts].sort(([a, left], [b, right]) => right - left || ((a ?? '') < (b ?? '') ? -1 : 1));
  return {
    beganMs,
    alarms,
    lifeSafety,
    critical,
    rate,
    peak,
    first: { alarm: first.alarm, equipment: first.equipment, atMs: first.atMs },
    systems: most(bySystem).map(([system, count]) => ({ system, alarms: count })),
    equipment: most(byEquipment)
      .slice(0, mostEquipment)
      .map(([equipment, count]) => ({ equipment, alarms: count })),
  };
}
