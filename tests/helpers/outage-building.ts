import type { PointBinding } from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../../gateway/src/config/gateway-config.ts';

export const outageSite = 'outage';

/** Per meter: point, unit, value about which it moves, step of a second, deadband; names and deadbands of the class power-meter. */
const quantities = [
  ['voltage-l1', 'V', 231, 0.15, 0.5],
  ['voltage-l2', 'V', 230, 0.15, 0.5],
  ['voltage-l3', 'V', 232, 0.15, 0.5],
  ['current-l1', 'A', 42, 0.3, 0.1],
  ['current-l2', 'A', 38, 0.3, 0.1],
  ['current-l3', 'A', 40, 0.3, 0.1],
  ['power', 'W', 26_000, 100, 100],
  ['reactive-power', 'var', 6000, 50, 100],
  ['power-factor', 'none', 0.96, 0.001, 0.005],
  ['frequency', 'Hz', 50, 0.005, 0.01],
] as const;

export const alarmsOfPanel = 8;
const seed = 20_260_101;

type Bound = { device: string; binding: PointBinding };

/** So many points of electricity meters, whose values wander, and a panel with inputs of the safety lane. The same for the same seed. */
export class OutageBuilding {
  readonly devices: DeviceRuntime[];
  readonly #meters: Bound[];
  readonly #panel: Bound[];
  readonly #values: Float64Array;
  readonly #alarms = new Array<boolean>(alarmsOfPanel).fill(false);
  #noise = seed;
  /** One input of the panel changes each of these. */
  alarmEveryS = 61;

  constructor(points: number) {
    const meters = Array.from({ length: Math.ceil(points / quantities.length) }, (_, i) =>
      device(
        `meter-${i}`,
        quantities.map(([point, unit, , , deadband]) => binding({ equipment: `meter-${i}`, point, unit, deadband })),
      ),
    );
    const panel = device(
      'panel',
      Array.from({ length: alarmsOfPanel }, (_, i) =>
        binding({ equipment: 'panel', class: 'outage-panel', point: `input-${i}`, kind: 'boolean', lane: 'safety' }),
      ),
    );
    this.devices = [...meters, panel];
    const boundOf = ({ id, bindings }: DeviceRuntime): Bound[] =>
      bindings.map((each) => ({ device: id, binding: each }));
    this.#meters = meters.flatMap(boundOf);
    this.#panel = boundOf(panel);
    this.#values = Float64Array.from(this.#meters, (_, i) => quantities[i % quantities.length]?.[2] ?? 0);
  }

  /** Meter values in one of ten parts of the second number `second`, and in its first the inputs of the panel. */
  *read(second: number, tenth: number): Generator<Bound & { value: number | boolean }> {
    const size = Math.ceil(this.#meters.length / 10);
    for (let i = tenth * size; i < Math.min((tenth + 1) * size, this.#meters.length); i++) {
      const [, , middle = 0, step = 0] = quantities[i % quantities.length] ?? [];
      const before = this.#values[i] ?? middle;
      // It wanders, and is drawn back.
      const next = before + (this.#random() - 0.5) * 2 * step + (middle - before) * 0.005;
      this.#values[i] = Math.fround(next);
      yield { ...(this.#meters[i] as Bound), value: this.#values[i] ?? middle };
    }
    if (tenth !== 0) return;
    const changed = second % this.alarmEveryS === 0 ? Math.floor(second / this.alarmEveryS) % alarmsOfPanel : -1;
    for (let input = 0; input < alarmsOfPanel; input++) {
      if (input === changed) this.#alarms[input] = !this.#alarms[input];
      yield { ...(this.#panel[input] as Bound), value: this.#alarms[input] ?? false };
    }
  }

  /** As a driver hands it over: words that were given never change. */
  raw(value: number | boolean): number[] {
    return [value as number];
  }

  #random(): number {
    this.#noise = (Math.imul(this.#noise, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#noise / 2 ** 32;
  }
}

function binding(of: Pick<PointBinding, 'equipment' | 'point'> & Partial<PointBinding>): PointBinding {
  return {
    class: 'power-meter',
    name: { zh: of.point, en: of.point },
    kind: 'number',
    unit: 'none',
    lane: 'live',
    range: null,
    deadband: 0,
    poll: 'normal',
    at: { protocol: 'modbus', table: 'holding', addresses: [0], length: 1 },
    decode: (raw) => ({ value: 'payload' in raw ? null : (raw[0] ?? null), quality: 'good' }),
    ...of,
  };
}

function device(id: string, bindings: PointBinding[]): DeviceRuntime {
  return {
    id,
    profile: { profile: 'outage/device', protocol: 'modbus' } as DeviceRuntime['profile'],
    connection: 'line',
    unitId: 1,
    bindings,
    pollMs: { fast: 1000, normal: 1000, slow: 1000 },
    // The time that passes between the virtual and the real day is none of theirs.
    silenceMs: () => 7 * 86_400_000,
    parameters: {},
  };
}
