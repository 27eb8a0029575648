import type { PointValue } from '@plantroom/contracts';
import type { ModbusPoint, ModbusTable } from '@plantroom/device-profiles';
import { registersOf } from '../encode/words.ts';
import type { Stretch } from '../modbus/register-bank.ts';
import type { LayValue } from './laid-point.ts';
import type { ReadState } from './served-device.ts';

/** A point of an equipment in the registers of its device. */
export interface Laid {
  equipment: string;
  point: ModbusPoint;
  addresses: readonly number[];
  /** Throws MODEL_INCOMPLETE. */
  read(): PointValue;
  lay: LayValue;
  /** Nothing else lies in its registers. */
  isAlone: boolean;
  /** What was laid last, of one that is alone; undefined: nothing yet. */
  held: PointValue | undefined;
}

/** Points of one equipment. */
interface Group {
  state: ReadState;
  last: ReturnType<ReadState>;
  alone: readonly Laid[];
}

const never = Number.NaN;

/** A request that is made again and again, and what lies in it. Whatever has not changed since it was made last is left as it lies. */
export class AskedRegisters {
  readonly stretch: Stretch;
  readonly laid: readonly Laid[];
  readonly #layOwn: (() => void) | undefined;
  readonly #groups: readonly Group[];
  /** In the order in which they are laid: of some that lie in one register the later one may change what the earlier one says. */
  readonly #shared: readonly Laid[];
  readonly #groupsOfShared: readonly (Group | undefined)[];
  readonly #values: (PointValue | undefined)[];
  /** Of the values, when they were laid last. */
  #revision = never;
  /** Of the bank, when it had the shared ones as they would be laid again. */
  #settledAt = never;

  /** `layOwn` lays words that are none of the points'; left out: none lie in it. */
  constructor(
    stretch: Stretch,
    laid: readonly Laid[],
    { stateOf, layOwn }: { stateOf(equipment: string): ReadState; layOwn: (() => void) | undefined },
  ) {
    this.stretch = stretch;
    this.laid = laid;
    this.#layOwn = layOwn;
    const equipment = [...new Set(laid.map((one) => one.equipment))];
    this.#groups = equipment.map((id) => ({
      state: stateOf(id),
      last: undefined,
      alone: laid.filter((one) => one.equipment === id && one.isAlone),
    }));
    const groupOf = new Map(equipment.map((id, i) => [id, this.#groups[i]]));
    this.#shared = laid.filter((one) => !one.isAlone);
    this.#groupsOfShared = this.#shared.map((one) => groupOf.get(one.equipment));
    this.#values = this.#shared.map(() => undefined);
  }

  /** Lays what may have changed; `revision`: rises whenever values may have. Throws MODEL_INCOMPLETE. */
  refresh(revision: number): void {
    if (this.#revision === revision) return;
    this.#revision = revision;
    let mayDiffer = false;
    for (const group of this.#groups) {
      const state = group.state();
      if (state !== undefined && state === group.last) continue;
      mayDiffer = true;
      for (const one of group.alone) {
        const value = state?.[one.point.point] ?? one.read();
        if (Object.is(value, one.held)) continue;
        one.lay(value);
        one.held = value;
      }
      group.last = state;
    }
    if (this.#shared.length > 0) this.#layShared(mayDiffer);
    this.#layOwn?.();
  }

  #layShared(mayDiffer: boolean): void {
    const { bank } = this.stretch;
    let isSettled = bank.revision === this.#settledAt;
    if (isSettled && !mayDiffer) return;
    const shared = this.#shared;
    const values = this.#values;
    for (let i = 0; i < shared.length; i++) {
      const one = shared[i] as Laid;
      const value = this.#groupsOfShared[i]?.last?.[one.point.point] ?? one.read();
      if (Object.is(value, values[i])) continue;
      values[i] = value;
      isSettled = false;
    }
    if (isSettled) return;
    const before = bank.revision;
    for (let i = 0; i < shared.length; i++) shared[i]?.lay(values[i] ?? null);
    // What moves a word may move another one next time.
    this.#settledAt = bank.revision === before ? before : never;
  }
}

/** Marks those in whose registers nothing else lies; `isOwn`: words that are none of the points' lie at the address. */
export function markAlone(laid: readonly Laid[], isOwn: (table: ModbusTable, address: number) => boolean): void {
  const placesOf = ({ point: { at }, addresses }: Laid): number[] =>
    addresses.flatMap((address) => Array.from({ length: registersOf(at.type, at.length) }, (_, i) => address + i));
  const taken = new Map<string, number>();
  const key = ({ point }: Laid, place: number): string => `${point.at.table} ${place}`;
  for (const one of laid)
    for (const place of placesOf(one)) taken.set(key(one, place), (taken.get(key(one, place)) ?? 0) + 1);
  for (const one of laid)
    one.isAlone = placesOf(one).every((place) => taken.get(key(one, place)) === 1 && !isOwn(one.point.at.table, place));
}

/** More requests than this are forgotten: whoever reads at random must not fill the memory. */
const maxKnownRequests = 1000;

/** Requests are few, and the same again and again. */
export function knownRequests(
  make: (table: ModbusTable, start: number, count: number) => AskedRegisters,
): (table: ModbusTable, start: number, count: number) => AskedRegisters {
  const known: Record<ModbusTable, Map<number, AskedRegisters>> = {
    coil: new Map(),
    discrete: new Map(),
    holding: new Map(),
    input: new Map(),
  };
  return (table, start, count) => {
    const ofTable = known[table];
    const key = start * 65_536 + count;
    let asked = ofTable.get(key);
    if (asked === undefined) {
      asked = make(table, start, count);
      if (ofTable.size >= maxKnownRequests) ofTable.clear();
      ofTable.set(key, asked);
    }
    return asked;
  };
}

/** Points that lie, wholly or in part, in the addresses. */
export function within(laid: readonly Laid[], table: ModbusTable, { start, count }: Pick<Stretch, 'start' | 'count'>) {
  return laid.filter(({ point, addresses }) => {
    const length = registersOf(point.at.type, point.at.length);
    return point.at.table === table && addresses.some((at) => at < start + count && at + length > start);
  });
}
