import { type Alarm, type Quality, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach } from 'vitest';
import { CurrentValues } from '../../current/current-values.ts';
import { brokerSource, signalSource } from '../../domain/system-definitions.ts';
import { type Database, openDatabase } from '../../repositories/database.ts';
import { Engine } from '../engine.ts';

const { catalog } = loadCatalog({ profiles: new Set(), classes: 'all' });
export const gateway = 'hq/edge';
export const panel = `${gateway}/panel`;
export const bus = `${gateway}#line/bus`;
export const signals = signalSource(panel);
export const broker = brokerSource('hq');
/** Two fire zones behind one panel. */
export const zones = ['zone-1', 'zone-2'];

/** An engine that watches a fire panel, anew for each test; to be made while tests are collected. */
export class WatchBed {
  clock!: VirtualClock;
  database!: Database;
  engine!: Engine;
  /** Sources, in the order of their announcement. */
  announced!: string[];

  constructor() {
    beforeEach(async () => {
      this.clock = new VirtualClock();
      this.announced = [];
      this.database = await openDatabase(':memory:');
      await this.begin();
      this.engine.gatewayOnline(gateway, this.clock.nowMs());
    });
    afterEach(async () => {
      await this.engine.stop();
      await this.database.close();
    });
  }

  /** As a process starts, with what the database knows. */
  begin = async (): Promise<void> => {
    const { database, clock } = this;
    this.engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
    this.engine.onEvent((event) => this.announced.push(...event.announced.map(({ source }) => source)));
    await this.engine.start();
  };

  say = (quality: Quality = 'good', of: readonly string[] = zones, wireTimeMs = this.clock.nowMs()): void => {
    const told = quality === 'good' ? { value: false } : { value: null, reason: 'device-error' as const };
    const reading = (zone: string): Reading => ({ point: `hq/${zone}/fire`, quality, wireTimeMs, ...told });
    this.engine.readings(gateway, of.map(reading), false);
  };

  bornPanel = (connection = 'own', silenceMs: number | null = 6_000): void => {
    const point = { class: 'fire-zone', profile: null, unit: null, lane: 'safety' as const, silenceMs, connection };
    const points = zones.map((zone) => ({ ...point, point: `hq/${zone}/fire` }));
    this.engine.deviceOnline(gateway, 'panel', points, this.clock.nowMs());
    this.say();
  };

  bornMeter = (name: string): void => {
    const point = { class: 'power-meter', profile: null, unit: null, lane: 'live' as const, silenceMs: 30_000 };
    const points = [{ ...point, point: `hq/${name}/voltage-l1`, connection: 'bus' }];
    this.engine.deviceOnline(gateway, name, points, this.clock.nowMs());
  };

  heard = (name: string): void => {
    const point = `hq/${name}/voltage-l1`;
    const reading: Reading = { point, value: 230, quality: 'good', wireTimeMs: this.clock.nowMs() };
    this.engine.readings(gateway, [reading], false);
  };

  gone = (device: string): void => this.engine.deviceOffline(gateway, device, this.clock.nowMs());

  /** So many seconds of the server's clock. */
  pass = async (s: number): Promise<void> => {
    await this.engine.settled();
    for (let i = 0; i < s; i++) {
      this.clock.advance(1000);
      await this.engine.settled();
    }
  };

  watched = async (): Promise<void> => {
    this.bornPanel();
    await this.pass(10);
  };

  alarm = (source: string): Alarm | undefined => this.engine.book.of(source)[0]?.alarm;
}
