import { type AlarmJournalEntry, type Reading, type Supply, silentLogger, VirtualClock } from '@plantroom/contracts';
import type { ClassAlarm, ClassSuppression, EquipmentClass } from '@plantroom/device-profiles';
import { CurrentValues } from '../../current/current-values.ts';
import { type Database, openDatabase } from '../../repositories/database.ts';
import { readJournal } from '../../repositories/journal-repository.ts';
import { listOrders } from '../../repositories/work-order-repository.ts';
import { Engine } from '../engine.ts';
import type { EquipmentPlace } from '../plant.ts';

const text = { zh: '测试', en: 'test' };
const flag = { name: text, kind: 'boolean', unit: 'none' } as const;
const order = { title: text, skills: [], checklist: [text], minutes: 5 };
const alarm = (point: string, over: Partial<ClassAlarm> = {}): ClassAlarm => ({
  point,
  condition: { type: 'off-normal', values: [true] },
  onDelay: '3s',
  offDelay: '0s',
  priority: 'high',
  opensOrder: true,
  failureMode: 'broken',
  timeToRespond: '10min',
  name: text,
  cause: text,
  consequence: text,
  response: text,
  ...over,
});

const dependants: ClassSuppression[] = [{ over: ['dependants'], settle: '60s' }];

/** A feeder whose loss (10 s) suppresses what hangs on it, and a car with a fault (3 s) and a person in it (at once). */
export const feederClasses = (suppresses: ClassSuppression[] | undefined = dependants): Map<string, EquipmentClass> => {
  const of = (name: string, points: string[], alarms: Record<string, ClassAlarm>): [string, EquipmentClass] => [
    name,
    {
      class: name,
      name: text,
      system: 'power',
      points: Object.fromEntries(points.map((point) => [point, flag])),
      alarms,
      failureModes: { broken: { name: text, order } },
    },
  ];
  return new Map([
    of('feeder', ['dead'], {
      lost: alarm('dead', { onDelay: '10s', ...(suppresses.length > 0 ? { suppresses } : {}) }),
    }),
    of('car', ['fault', 'trapped'], {
      fault: alarm('fault'),
      trapped: alarm('trapped', { onDelay: '0s', lifeSafety: true, latching: true, opensOrder: false }),
    }),
  ]);
};

/** `name: what it depends on`; names of feeders begin with f. */
export type Edges = Record<string, readonly Supply[]>;

const gateway = 'hq/edge';

/** An engine with feeders and cars on one device, at virtual times since the start in seconds. */
export class FeederBed {
  readonly clock = new VirtualClock();
  readonly startMs = this.clock.nowMs();
  engine: Engine;
  readonly announced: string[] = [];
  readonly #database: Database;
  readonly #classes: Map<string, EquipmentClass>;
  readonly #points: string[];
  readonly #told = new Map<string, boolean>();

  readonly #alone: readonly string[];

  private constructor(
    database: Database,
    { classes, edges, alone }: { classes: Map<string, EquipmentClass>; edges: Edges; alone: readonly string[] },
  ) {
    this.#alone = alone;
    this.#database = database;
    this.#classes = classes;
    this.engine = this.#create();
    this.#points = Object.keys(edges).flatMap((name) =>
      name.startsWith('f') ? [`${name}/dead`] : [`${name}/fault`, `${name}/trapped`],
    );
  }

  /** `alone`: equipment that has a device of its own. */
  static async open(edges: Edges, suppresses?: ClassSuppression[], alone: readonly string[] = []): Promise<FeederBed> {
    const classes = feederClasses(suppresses);
    const bed = new FeederBed(await openDatabase(':memory:'), { classes, edges, alone });
    await bed.engine.start();
    const equipment = Object.entries(edges).map(
      ([name, dependsOn]): EquipmentPlace => ({
        id: `hq/${name}`,
        site: 'hq',
        class: name.startsWith('f') ? 'feeder' : 'car',
        name: text,
        space: null,
        parent: null,
        dependsOn: dependsOn.map((supply) =>
          typeof supply === 'string' ? `hq/${supply}` : { ...supply, oneOf: supply.oneOf.map((id) => `hq/${id}`) },
        ),
        origin: 'site-file',
      }),
    );
    await bed.engine.command((context) => bed.engine.changePlant(context, { equipment }));
    await bed.#connect();
    return bed;
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.#database.close();
  }

  /** As after a crash: nothing but the database is left. */
  async restart(): Promise<void> {
    await this.engine.stop();
    this.engine = this.#create();
    await this.engine.start();
  }

  async connect(): Promise<void> {
    await this.#connect();
  }

  /** The device of an equipment that has one of its own says no more. */
  async away(name: string): Promise<void> {
    this.engine.deviceOffline(gateway, name, this.clock.nowMs());
    await this.engine.settled();
  }

  async back(name: string): Promise<void> {
    this.#birth(name, (point) => point.startsWith(`${name}/`));
    await this.engine.settled();
  }

  /** Readings of now. */
  async tell(values: Record<string, boolean>, historicalS?: number): Promise<void> {
    const wireTimeMs = historicalS === undefined ? this.clock.nowMs() : this.startMs + historicalS * 1000;
    const readings = Object.entries(values).map(
      ([point, value]): Reading => ({ point: `hq/${point}`, value, quality: 'good', wireTimeMs }),
    );
    if (historicalS === undefined) for (const [point, value] of Object.entries(values)) this.#told.set(point, value);
    this.engine.readings(gateway, readings, historicalS !== undefined);
    await this.engine.settled();
  }

  /** Up to a second after the start, with what a gateway tells each second. */
  async upTo(s: number): Promise<void> {
    while (this.clock.nowMs() < this.startMs + s * 1000) {
      this.clock.advance(1000);
      this.engine.watermark(gateway, this.clock.nowMs());
      await this.engine.settled();
    }
  }

  alarmOf(source: string) {
    const entry = this.engine.book.of(`hq/${source}`)[0];
    if (entry === undefined) throw new Error(`no alarm of ${source}`);
    return entry.alarm;
  }

  async orders(): Promise<string[]> {
    return (await listOrders(this.#database.db, {})).items.map(({ equipment }) => equipment.slice(3)).sort();
  }

  async journal(): Promise<AlarmJournalEntry[]> {
    return (await readJournal(this.#database.db, { limit: 1000 })).items.reverse();
  }

  /** Of one alarm: second, action, state. */
  async story(source: string): Promise<string[]> {
    const { id } = this.alarmOf(source);
    return (await this.journal())
      .filter((entry) => entry.alarm === id && !entry.action.startsWith('order'))
      .map(({ atMs, action, stateAfter }) => `${(atMs - this.startMs) / 1000} ${action} ${stateAfter}`);
  }

  #create(): Engine {
    const engine = new Engine({
      database: this.#database,
      catalog: { classes: this.#classes },
      current: new CurrentValues(),
      clock: this.clock,
      logger: silentLogger,
    });
    engine.onEvent(({ announced }) => this.announced.push(...announced.map(({ source }) => source.slice(3))));
    return engine;
  }

  async #connect(): Promise<void> {
    this.engine.gatewayOnline(gateway, this.clock.nowMs());
    for (const name of this.#alone) this.#birth(name, (point) => point.startsWith(`${name}/`));
    this.#birth('box', (point) => !this.#alone.some((name) => point.startsWith(`${name}/`)));
    await this.engine.settled();
  }

  #birth(device: string, isOf: (point: string) => boolean): void {
    const born = this.#points.filter(isOf).map((point) => ({
      point: `hq/${point}`,
      class: point.startsWith('f') ? 'feeder' : 'car',
      profile: null,
      unit: null,
      lane: 'live' as const,
      silenceMs: null,
    }));
    this.engine.deviceOnline(gateway, device, born, this.clock.nowMs());
    // As a birth tells it: a life-safety point without a value would be an alarm of its own.
    const vital = this.#points
      .filter((point) => isOf(point) && point.endsWith('/trapped'))
      .map(
        (point): Reading => ({
          point: `hq/${point}`,
          value: this.#told.get(point) ?? false,
          quality: 'good',
          wireTimeMs: this.clock.nowMs() - 1,
        }),
      );
    this.engine.readings(gateway, vital, false);
  }
}
