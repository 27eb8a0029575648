import { type PointValue, type Reading, type Supply, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { CurrentValues } from '../../current/current-values.ts';
import { type Database, openDatabase } from '../../repositories/database.ts';
import { Engine } from '../engine.ts';
import type { EquipmentPlace } from '../plant.ts';

const gateway = 'hq/edge';
const pollMs = 10_000;
const { classes } = loadCatalog().catalog;

/** `class`, and what it hangs on. */
export type Machines = Record<string, { class: string; dependsOn?: readonly Supply[] }>;

/** An engine with equipment of the classes as they are, all polled each ten seconds by one device. */
export class ClassBed {
  readonly #clock = new VirtualClock();
  readonly #database: Database;
  readonly #machines: Machines;
  readonly #values: Record<string, PointValue> = {};
  readonly announced: string[] = [];
  readonly engine: Engine;

  private constructor(database: Database, machines: Machines) {
    this.#database = database;
    this.#machines = machines;
    const options = { catalog: { classes }, current: new CurrentValues(), clock: this.#clock, logger: silentLogger };
    this.engine = new Engine({ database, ...options });
    this.engine.onEvent(({ announced }) => this.announced.push(...announced.map(({ id }) => id.slice(3))));
  }

  static async open(machines: Machines, values: Record<string, PointValue>): Promise<ClassBed> {
    const bed = new ClassBed(await openDatabase(':memory:'), machines);
    await bed.engine.start();
    const name = { zh: '测试', en: 'test' };
    const equipment = Object.entries(machines).map(
      ([id, machine]): EquipmentPlace => ({
        id: `hq/${id}`,
        site: 'hq',
        class: machine.class,
        name,
        space: null,
        parent: null,
        dependsOn: (machine.dependsOn ?? []).map((supply) =>
          typeof supply === 'string' ? `hq/${supply}` : { ...supply, oneOf: supply.oneOf.map((one) => `hq/${one}`) },
        ),
        origin: 'site-file',
      }),
    );
    await bed.engine.command((context) => bed.engine.changePlant(context, { equipment }));
    bed.engine.gatewayOnline(gateway, bed.#clock.nowMs());
    await bed.run(0, values);
    return bed;
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.#database.close();
  }

  /** So many minutes, with these values from now on. */
  async run(minutes: number, values: Record<string, PointValue> = {}): Promise<void> {
    const isNew = Object.keys(values).some((point) => !(point in this.#values));
    Object.assign(this.#values, values);
    if (isNew) this.#birth();
    for (const endMs = this.#clock.nowMs() + minutes * 60_000; ; ) {
      const wireTimeMs = this.#clock.nowMs();
      const readings = Object.entries(this.#values).map(
        ([point, value]): Reading => ({ point: `hq/${point}`, value, quality: 'good', wireTimeMs }),
      );
      this.engine.readings(gateway, readings, false);
      this.engine.watermark(gateway, wireTimeMs);
      await this.engine.settled();
      if (wireTimeMs >= endMs) return;
      this.#clock.advance(pollMs);
    }
  }

  stateOf(id: string) {
    return this.engine.book.get(`hq/${id}`)?.alarm.state;
  }

  #birth(): void {
    const born = Object.keys(this.#values).map((point) => ({
      point: `hq/${point}`,
      class: this.#machines[point.split('/')[0] ?? '']?.class ?? null,
      profile: null,
      unit: null,
      lane: 'live' as const,
      silenceMs: null,
    }));
    this.engine.deviceOnline(gateway, 'box', born, this.#clock.nowMs());
  }
}
