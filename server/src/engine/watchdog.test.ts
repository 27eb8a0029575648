import { heartbeatMs, type Quality, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { brokerSource, laneSource, outboxSource, signalSource } from '../domain/system-definitions.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { Engine } from './engine.ts';
import { actOnTest, askForTest } from './test-acts.ts';

const { catalog } = loadCatalog({ profiles: new Set(), classes: 'all' });
const gateway = 'hq/edge';
const panel = `${gateway}/panel`;
const bus = `${gateway}#line/bus`;
const signals = signalSource(panel);
const broker = brokerSource('hq');
let clock: VirtualClock;
let database: Database;
let engine: Engine;
let announced: string[];

/** Two fire zones behind one panel. */
const zones = ['zone-1', 'zone-2'];
const begin = async (): Promise<void> => {
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  engine.onEvent((event) => announced.push(...event.announced.map(({ source }) => source)));
  await engine.start();
};
const say = (quality: Quality = 'good', of: readonly string[] = zones, wireTimeMs = clock.nowMs()): void => {
  const told = quality === 'good' ? { value: false } : { value: null, reason: 'device-error' as const };
  const reading = (zone: string): Reading => ({ point: `hq/${zone}/fire`, quality, wireTimeMs, ...told });
  engine.readings(gateway, of.map(reading), false);
};
const bornPanel = (connection = 'own', silenceMs: number | null = 6_000): void => {
  const point = { class: 'fire-zone', profile: null, unit: null, lane: 'safety' as const, silenceMs, connection };
  const points = zones.map((zone) => ({ ...point, point: `hq/${zone}/fire` }));
  engine.deviceOnline(gateway, 'panel', points, clock.nowMs());
  say();
};
const bornMeter = (name: string): void => {
  const point = { class: 'power-meter', profile: null, unit: null, lane: 'live' as const, silenceMs: 30_000 };
  engine.deviceOnline(gateway, name, [{ ...point, point: `hq/${name}/voltage-l1`, connection: 'bus' }], clock.nowMs());
};
const heard = (name: string): void => {
  const point = `hq/${name}/voltage-l1`;
  engine.readings(gateway, [{ point, value: 230, quality: 'good', wireTimeMs: clock.nowMs() }], false);
};
const gone = (device: string): void => engine.deviceOffline(gateway, device, clock.nowMs());
const pass = async (s: number): Promise<void> => {
  await engine.settled();
  for (let i = 0; i < s; i++) {
    clock.advance(1000);
    await engine.settled();
  }
};
const watched = async (): Promise<void> => {
  bornPanel();
  await pass(10);
};
const alarm = (source: string) => engine.book.of(source)[0]?.alarm;

beforeEach(async () => {
  clock = new VirtualClock();
  announced = [];
  database = await openDatabase(':memory:');
  await begin();
  engine.gatewayOnline(gateway, clock.nowMs());
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

describe('a device that life hangs on', () => {
  test('is one alarm of high priority that nothing hides, at once when it is alone on its connection', async () => {
    await watched();
    gone('panel');
    await pass(5);
    expect(announced).toEqual([panel]);
    expect(alarm(panel)).toMatchObject({ state: 'UNACK', priority: 'high', lifeSafety: true });
    bornPanel();
    await pass(1);
    expect(alarm(panel)?.state).toBe('RTNUN');
    await pass(300);
    expect(announced).toEqual([panel]);
  });

  test('on a connection that is lost with all its devices it is the alarm of the connection alone', async () => {
    bornPanel('bus');
    for (const name of ['meter-1', 'meter-2']) bornMeter(name);
    await pass(10);
    gone('panel');
    await pass(20);
    gone('meter-1');
    await pass(20);
    gone('meter-2');
    await pass(200);
    expect(announced).toEqual([bus]);
    expect(alarm(bus)).toMatchObject({ priority: 'high', lifeSafety: true });
    expect(alarm(panel)?.state).toBe('NORM');
    expect(alarm(`${gateway}/meter-1`)?.state).toBe('DSUPR');
  });

  test('which does not come back with its connection is told when the others have had their time, and since when', async () => {
    bornPanel('bus');
    bornMeter('meter-1');
    await pass(10);
    gone('panel');
    gone('meter-1');
    await pass(30);
    bornMeter('meter-1');
    const backMs = clock.nowMs();
    await pass(59);
    heard('meter-1');
    expect(announced).toEqual([bus]);
    await pass(2);
    expect(announced).toEqual([bus, panel]);
    expect(alarm(panel)).toMatchObject({ onsetMs: backMs, activeMs: backMs + 5_000 });
  });

  test('on a shared connection it waits until another one is heard, at the latest for a minute', async () => {
    bornPanel('bus');
    bornMeter('meter-1');
    await pass(10);
    const goneMs = clock.nowMs();
    gone('panel');
    await pass(6);
    expect(announced).toEqual([]);
    heard('meter-1');
    await pass(1);
    expect(announced).toEqual([panel]);
    expect(alarm(panel)?.onsetMs).toBe(goneMs);
    bornPanel('bus');
    await pass(1);
    gone('panel');
    await pass(59);
    expect(announced).toEqual([panel]);
    await pass(1);
    expect(announced).toEqual([panel, panel]);
  });

  test('one that serves no life-safety point is an ordinary alarm', async () => {
    bornMeter('meter-1');
    gone('meter-1');
    await pass(10);
    expect(alarm(`${gateway}/meter-1`)).toMatchObject({ priority: 'medium', lifeSafety: false });
    expect(alarm(gateway)).toMatchObject({ lifeSafety: false });
  });
});

describe('a gateway that life hangs on', () => {
  test('goes with everything behind it as one alarm; what does not come back with it has one of its own', async () => {
    await watched();
    engine.gatewayOffline(gateway, clock.nowMs());
    await pass(400);
    expect(announced).toEqual([gateway]);
    expect(alarm(gateway)).toMatchObject({ priority: 'high', lifeSafety: true });
    engine.gatewayOnline(gateway, clock.nowMs());
    const backMs = clock.nowMs();
    await pass(59);
    expect(announced).toEqual([gateway]);
    await pass(2);
    expect(announced).toEqual([gateway, panel]);
    expect(alarm(panel)?.onsetMs).toBe(backMs);
  });

  test('that comes back with its devices leaves nothing', async () => {
    await watched();
    engine.gatewayOffline(gateway, clock.nowMs());
    engine.degraded(gateway, ['hq/zone-1/fire', 'hq/zone-2/fire'], 'uncertain', 'stale', clock.nowMs());
    await pass(100);
    engine.gatewayOnline(gateway, clock.nowMs());
    await pass(20);
    bornPanel();
    await pass(200);
    expect(announced).toEqual([gateway]);
  });

  test('that the database knows and that never comes back after a restart is told when the host gives it up', async () => {
    await watched();
    await engine.stop();
    await begin();
    await pass(29);
    expect(announced).toEqual([]);
    engine.gatewayOffline(gateway, clock.nowMs());
    await pass(300);
    expect(announced).toEqual([gateway]);
    expect(alarm(gateway)?.lifeSafety).toBe(true);
  });

  test('that is back after a restart without its panel: the panel is told, though nobody saw it go', async () => {
    await watched();
    await engine.stop();
    await begin();
    await pass(5);
    engine.gatewayOnline(gateway, clock.nowMs());
    await pass(59);
    expect(announced).toEqual([]);
    await pass(2);
    expect(announced).toEqual([panel]);
  });

  test('whose safety lane is behind is an alarm that nothing hides, until the lane is whole again', async () => {
    bornPanel();
    await pass(1);
    const lane = laneSource(gateway);
    engine.system(lane, true);
    await pass(1);
    expect(announced).toEqual([lane]);
    expect(alarm(lane)).toMatchObject({ priority: 'high', lifeSafety: true });
    engine.system(lane, false);
    await pass(1);
    expect(alarm(lane)?.state).toBe('RTNUN');
  });
});

describe('a server without its broker', () => {
  test('is one alarm after half a minute, whatever it would have heard', async () => {
    await watched();
    engine.broker(false);
    await pass(29);
    expect(announced).toEqual([]);
    await pass(2);
    expect(announced).toEqual([broker]);
    await pass(heartbeatMs / 1000 + 120);
    expect(announced).toEqual([broker]);
    engine.broker(true);
    bornPanel();
    await pass(60);
    expect(alarm(broker)).toMatchObject({ state: 'RTNUN', lifeSafety: true });
    expect(announced).toEqual([broker]);
  });

  test('that finds it soon after its own start says nothing', async () => {
    await watched();
    await engine.stop();
    await begin();
    engine.broker(false);
    await pass(20);
    engine.broker(true);
    engine.gatewayOnline(gateway, clock.nowMs());
    bornPanel();
    await pass(200);
    expect(announced).toEqual([]);
  });
});

describe('life-safety signals of a device that is there', () => {
  test('without a usable value for a minute are one alarm of the device that names them', async () => {
    await watched();
    say('bad', ['zone-2']);
    await pass(60);
    expect(announced).toEqual([]);
    await pass(1);
    expect(announced).toEqual([signals]);
    expect(alarm(signals)).toMatchObject({ priority: 'high', lifeSafety: true, onsetValue: 'zone-2/fire' });
    say('bad');
    await pass(100);
    expect(announced).toEqual([signals]);
    say();
    await pass(1);
    expect(alarm(signals)?.state).toBe('RTNUN');
  });

  test('that are soon usable again, or whose device goes, are none', async () => {
    await watched();
    say('bad');
    await pass(50);
    say();
    await pass(30);
    say('bad');
    await pass(10);
    gone('panel');
    await pass(200);
    expect(announced).toEqual([panel]);
  });

  test('that are told no more are noticed a minute after they had to be repeated; a node that does not repeat is believed', async () => {
    await watched();
    say();
    await pass(heartbeatMs / 1000 + 60 + 60);
    expect(announced).toEqual([]);
    await pass(2);
    expect(announced).toEqual([signals]);
    bornPanel('own', null);
    await pass(2_000);
    expect(alarm(signals)?.state).toBe('RTNUN');
    expect(announced).toEqual([signals]);
  });

  test('of a gateway that cannot store are not told one by one: its own alarm says that life is unwatched', async () => {
    await watched();
    engine.system(outboxSource(gateway), true);
    await pass((heartbeatMs + 180_000) / 1000);
    expect(announced).toEqual([outboxSource(gateway)]);
    expect(alarm(outboxSource(gateway))).toMatchObject({ lifeSafety: true, priority: 'high', state: 'UNACK' });
    engine.system(outboxSource(gateway), false);
    say();
    await pass(5);
    expect(announced).toEqual([outboxSource(gateway)]);
  });

  test('late data about them says nothing of the present', async () => {
    bornPanel();
    await pass(100);
    say();
    say('bad', zones, clock.nowMs() - 50_000);
    await pass(100);
    expect(announced).toEqual([]);
  });
});

describe('in test mode', () => {
  const testing = async (equipment: string[]): Promise<void> => {
    const asked = { equipment, reason: 'loop test', workOrder: 'W-1', untilMs: clock.nowMs() + 3_600_000 };
    await engine.command((context) => askForTest(engine, context, { asked, site: 'hq', user: 'li', act: null }));
    const before = engine.tests.open()[0]!;
    await engine.command((context) => actOnTest(engine, context, { before, act: { type: 'approve' }, user: 'wang' }));
    await pass(1);
  };
  const end = (): Promise<unknown> => {
    const act = { type: 'end' as const, comment: 'done' };
    return engine.command((context) =>
      actOnTest(engine, context, { before: engine.tests.open()[0]!, act, user: 'li' }),
    );
  };

  test('a device of which everything is in test is a test, and what still stands at the end is announced', async () => {
    await watched();
    await testing(['hq/zone-1', 'hq/zone-2']);
    gone('panel');
    await pass(30);
    expect(announced).toEqual([]);
    expect(alarm(panel)).toMatchObject({ state: 'UNACK', testMode: expect.any(String) as string });
    await end();
    await pass(1);
    expect(announced).toEqual([panel]);
  });

  test('one of which a part is live is real', async () => {
    await watched();
    await testing(['hq/zone-1']);
    gone('panel');
    await pass(30);
    expect(announced).toEqual([panel]);
  });

  test('signals under test do not count until the test is over; others do', async () => {
    await watched();
    await testing(['hq/zone-1']);
    say('bad', ['zone-1']);
    await pass(200);
    expect(announced).toEqual([]);
    say('bad', ['zone-2']);
    await pass(62);
    expect(announced).toEqual([signals]);
    expect(alarm(signals)?.onsetValue).toBe('zone-2/fire');
  });
});
