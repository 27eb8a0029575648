import {
  type AlarmJournalEntry,
  type PointValue,
  type Reading,
  silentLogger,
  VirtualClock,
} from '@plantroom/contracts';
import type { ClassAlarm, EquipmentClass } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { Engine } from './engine.ts';

const text = { zh: '测试', en: 'test' };
const words = { name: text, cause: text, consequence: text, response: text, timeToRespond: '10min' };
const alarm = (point: string, over: Partial<ClassAlarm> & Pick<ClassAlarm, 'condition'>): ClassAlarm => ({
  point,
  onDelay: '10s',
  offDelay: '0s',
  priority: 'high',
  opensOrder: false,
  ...words,
  ...over,
});
const flag = { name: text, kind: 'boolean', unit: 'none' } as const;

/** A machine with a command, its feedback and a door, and what each kind of rule makes of them. */
const machine: EquipmentClass = {
  class: 'machine',
  name: text,
  system: 'water',
  points: { command: flag, running: flag, door: flag, ready: flag, heat: { name: text, kind: 'number', unit: 'degC' } },
  failureModes: {},
  alarms: {
    'not-running': alarm('command', { condition: { type: 'mismatch', feedback: 'running' } }),
    hot: alarm('heat', {
      condition: { type: 'limit', kind: 'H', limit: 70, levels: [{ limit: 80, priority: 'critical' }] },
      onDelay: '0s',
      priority: 'medium',
    }),
    'hot-in-service': alarm('heat', {
      condition: { type: 'limit', kind: 'HH', limit: 70, levels: [{ limit: 80, priority: 'critical' }] },
      enabledWhen: { when: { point: 'running', is: [true] } },
      onDelay: '0s',
      priority: 'medium',
    }),
    restless: alarm('door', {
      condition: { type: 'count', of: { is: [true] }, times: 3, windowMs: 60_000 },
      onDelay: '0s',
    }),
    silent: alarm('door', { condition: { type: 'no-data', afterMs: 600_000 }, onDelay: '0s' }),
    either: alarm('door', {
      condition: { type: 'expression', when: { anyOf: [{ is: [true] }, { point: 'ready', is: [true] }] } },
    }),
    both: alarm('door', {
      condition: { type: 'expression', when: { allOf: [{ is: [true] }, { point: 'ready', is: [true] }] } },
    }),
  },
};

const [edge, other] = ['hq/edge', 'hq/other'];
const point = (name: string): string => `hq/m-1/${name}`;
let clock: VirtualClock;
let database: Database;
let engine: Engine;
let startMs: number;

const at = (s: number): number => startMs + s * 1000;
const said = (name: string, s: number, value: PointValue): Reading => ({
  point: point(name),
  value,
  quality: 'good',
  wireTimeMs: at(s),
});
const tell = async (gateway: string, ...readings: Reading[]): Promise<void> => {
  engine.readings(gateway, readings, false);
  await engine.settled();
};
const upTo = async (s: number, ...gateways: string[]): Promise<void> => {
  for (const gateway of gateways.length === 0 ? [edge, other] : gateways) engine.watermark(gateway, at(s));
  await engine.settled();
};
const entryOf = (rule: string) => [...engine.book.all()].find(({ definition }) => definition.id.endsWith(`#${rule}`))!;
const stateOf = (rule: string): string => entryOf(rule).alarm.state;
const journal = async (rule: string): Promise<AlarmJournalEntry[]> =>
  (await readJournal(database.db, { alarm: entryOf(rule).definition.id })).items.reverse();
const told = async (rule: string): Promise<string[]> =>
  (await journal(rule))
    .filter(({ action }) => !['uncertain', 'certain'].includes(action))
    .map(({ action, atMs, historical }) => `${(atMs - startMs) / 1000} ${action}${historical ? ' (was)' : ''}`);
const born = (name: string) => ({
  point: point(name),
  class: 'machine',
  profile: null,
  unit: null,
  lane: 'live' as const,
  silenceMs: null,
});
const connect = async (gateway: string, names: string[]): Promise<void> => {
  engine.gatewayOnline(gateway, clock.nowMs());
  engine.deviceOnline(gateway, 'box', names.map(born), clock.nowMs());
  await engine.settled();
};
const disconnect = async (gateway: string, names: string[]): Promise<void> => {
  engine.gatewayOffline(gateway, clock.nowMs());
  engine.degraded(gateway, names.map(point), 'uncertain', 'stale', clock.nowMs());
  await engine.settled();
};
const begin = async (): Promise<void> => {
  engine = new Engine({
    database,
    catalog: { classes: new Map([['machine', machine]]) },
    current: new CurrentValues(),
    clock,
    logger: silentLogger,
  });
  await engine.start();
};
const quiet = async (): Promise<void> => {
  for (let s = 0; s < 7; s++) {
    clock.advance(1000);
    await engine.settled();
  }
};

const mine = ['command', 'running', 'door', 'heat'];
beforeEach(async () => {
  clock = new VirtualClock();
  startMs = clock.nowMs();
  database = await openDatabase(':memory:');
  await begin();
  await connect(edge, mine);
  await connect(other, ['ready']);
  await tell(edge, said('command', 0, false), said('running', 0, false), said('door', 0, false));
  await tell(other, said('ready', 0, false));
  await upTo(1);
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

describe('command and feedback', () => {
  test('the alarm stands when the feedback has not followed within the on-delay, and returns when it does', async () => {
    await tell(edge, said('command', 10, true));
    await upTo(19);
    expect(stateOf('not-running')).toBe('NORM');
    await upTo(20);
    expect(await told('not-running')).toEqual(['20 activated']);
    await tell(edge, said('running', 30, true));
    await upTo(31);
    expect(stateOf('not-running')).toBe('RTNUN');
  });

  test('whichever of the two comes first at one wire time, nothing is raised', async () => {
    await tell(edge, said('running', 10, true));
    await tell(edge, said('command', 10, true));
    await upTo(60);
    expect(await told('not-running')).toEqual([]);
  });

  test('a feedback that is lost keeps the alarm and marks it; the delay of one that is not raised yet stands still', async () => {
    await tell(edge, said('command', 10, true));
    await upTo(15);
    engine.degraded(edge, [point('running')], 'bad', 'device-error', clock.nowMs());
    await upTo(60);
    expect(stateOf('not-running')).toBe('NORM');
    await tell(edge, said('running', 61, false));
    await upTo(62);
    expect(await told('not-running')).toEqual(['20 activated']);
    engine.degraded(edge, [point('running')], 'bad', 'device-error', clock.nowMs());
    await upTo(63);
    expect(entryOf('not-running').alarm.flags).toMatchObject({ active: true, uncertain: true });
  });
});

describe('late data', () => {
  test('what came and went during an outage is journalled as over; what stands has its true onset', async () => {
    await disconnect(edge, mine);
    await connect(edge, mine);
    await tell(edge, said('command', 300, true), said('running', 300, false));
    await tell(edge, said('command', 100, true));
    await tell(edge, said('running', 130, true));
    await tell(edge, said('running', 200, false));
    await upTo(302);
    await quiet();
    await upTo(303);
    expect(await told('not-running')).toEqual(['110 activated (was)', '130 returned (was)', '210 activated']);
    expect(entryOf('not-running').alarm.onsetMs).toBe(at(200));
  });

  test('what two points say together is taken from both of their pasts', async () => {
    await disconnect(edge, mine);
    await tell(other, said('ready', 50, true));
    await tell(other, said('ready', 90, false));
    await upTo(100, other);
    await connect(edge, mine);
    await tell(edge, said('door', 300, false));
    await tell(edge, said('door', 40, true), said('door', 120, false));
    await upTo(302);
    await quiet();
    expect(await told('both')).toEqual(['60 activated (was)', '90 returned (was)']);
  });
});

test('late data goes on from what was told last before its outage, not from what an earlier outage had left', async () => {
  await tell(edge, said('command', 2, true), said('running', 2, true));
  await upTo(3);
  await disconnect(edge, mine);
  await connect(edge, mine);
  await tell(edge, said('command', 40, false), said('running', 40, false));
  await upTo(100);
  await disconnect(edge, mine);
  await connect(edge, mine);
  await tell(edge, said('command', 300, false), said('running', 300, false));
  await tell(edge, said('command', 110, true), said('running', 150, true), said('running', 160, false));
  await tell(edge, said('command', 165, false));
  await upTo(302);
  await quiet();
  expect(await told('not-running')).toEqual(['120 activated (was)', '150 returned (was)']);
});

test('what a birth tells happened at its own time: the late data before it leads up to it', async () => {
  await disconnect(edge, mine);
  await connect(edge, mine);
  // As born: the command has not changed since, the feedback was repeated.
  await tell(edge, said('command', 120, true), said('running', 250, false));
  await upTo(252);
  await tell(edge, said('running', 105, false));
  await upTo(253);
  await quiet();
  await upTo(260);
  expect(entryOf('not-running').alarm).toMatchObject({ state: 'UNACK', onsetMs: at(120), activeMs: at(130) });
});

describe('two gateways', () => {
  test('one that is true is enough for any-of, although the other gateway is gone; all-of waits for it', async () => {
    await disconnect(other, ['ready']);
    await tell(edge, said('door', 10, true));
    await upTo(30, edge);
    expect(stateOf('either')).toBe('UNACK');
    expect(stateOf('both')).toBe('NORM');
    await connect(other, ['ready']);
    await tell(other, said('ready', 31, true));
    await upTo(60);
    expect(stateOf('both')).toBe('UNACK');
  });

  test('the slower one sets the pace, so that the order of their messages does not matter', async () => {
    await upTo(9);
    await tell(edge, said('door', 10, true), said('door', 18, false));
    await upTo(19, edge);
    await upTo(16, other);
    await tell(other, said('ready', 17, true));
    await upTo(25, other);
    await upTo(25, edge);
    expect(await told('both')).toEqual([]);
    expect(entryOf('both').state.sinceMs).toBe(at(18));
  });

  test('one that lags far behind says nothing of the present until it has caught up', async () => {
    await tell(edge, said('door', 10, true));
    await tell(other, said('ready', 10, true));
    await upTo(12);
    await upTo(40, edge);
    expect(stateOf('both')).toBe('NORM');
    expect(entryOf('both').state.uncertain).toBe(true);
    await upTo(40, other);
    expect(await told('both')).toEqual(['20 activated']);
  });
});

describe('over time', () => {
  test('a count goes on over a restart of the server', async () => {
    await tell(edge, said('door', 10, true), said('door', 11, false));
    await tell(edge, said('door', 20, true), said('door', 21, false));
    await upTo(25);
    await engine.stop();
    await begin();
    await connect(edge, mine);
    await tell(edge, said('door', 30, false));
    await tell(edge, said('door', 40, true));
    await upTo(41);
    expect(await told('restless')).toEqual(['40 activated']);
    await upTo(71);
    expect(stateOf('restless')).toBe('RTNUN');
  });

  test('a point that says nothing is told, unless its device is away, which is an alarm of its own', async () => {
    await upTo(700);
    expect(await told('silent')).toEqual(['600 activated']);
    await tell(edge, said('door', 701, false));
    await upTo(702);
    engine.deviceOffline(edge, 'box', clock.nowMs());
    engine.degraded(edge, mine.map(point), 'bad', 'comm-lost', clock.nowMs());
    await upTo(5000);
    expect(await told('silent')).toEqual(['600 activated', '701 returned']);
  });
});

test('a class that goes on raising nothing leaves no rows', async () => {
  for (let s = 2; s < 60; s++) {
    await tell(edge, said('running', s, false));
    await upTo(s);
  }
  expect(await database.db.selectFrom('alarms').select('id').execute()).toEqual([]);
});

test.each(['hot', 'hot-in-service'])(
  '%s: beyond the next level the priority rises, and is not lowered by what comes after',
  async (rule) => {
    await tell(edge, said('running', 2, true), said('heat', 2, 20));
    await tell(edge, said('heat', 10, 75));
    await upTo(11);
    expect(entryOf(rule).alarm).toMatchObject({ state: 'UNACK', priority: 'medium' });
    await tell(edge, said('heat', 20, 82));
    await upTo(21);
    expect(entryOf(rule).alarm).toMatchObject({ state: 'UNACK', priority: 'critical' });
    await tell(edge, said('heat', 30, 76));
    await upTo(31);
    expect(entryOf(rule).alarm).toMatchObject({ priority: 'critical' });
    expect(await told(rule)).toEqual(['10 activated', '20 severity-raised']);
  },
);

test('a point that another gateway delivers from now on takes its rules along: the watermarks of that one count', async () => {
  await disconnect(edge, mine);
  await connect(other, mine);
  await tell(other, said('command', 10, true), said('running', 10, false));
  await upTo(30, edge);
  expect(await told('not-running')).toEqual([]);
  await upTo(30, other);
  expect(await told('not-running')).toEqual(['20 activated']);
});
