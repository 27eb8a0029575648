import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { channelSource } from '../domain/system-definitions.ts';
import { Engine } from '../engine/engine.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { Notifications } from './notifications.ts';
import { Receivers } from './test-helpers/receivers.ts';
import { Vault } from './vault.ts';

const minuteMs = 60_000;
const author = { user: 'an' };
const hook = channelSource('hq', 'hook');
let clock: VirtualClock;
let database: Database;
let engine: Engine;
let notifications: Notifications;
let receivers: Receivers;
let baseUrl: string;
let isHookUp: boolean;
let texts: string[];

beforeEach(async () => {
  clock = new VirtualClock();
  isHookUp = false;
  texts = [];
  receivers = new Receivers({
    nowMs: () => clock.nowMs(),
    answer: ({ path, body }) => {
      if (path === '/hook') return { status: isHookUp ? 200 : 503, body: {} };
      texts.push(String(body.text));
      return { body: {} };
    },
  });
  baseUrl = await receivers.start();
  database = await openDatabase(':memory:');
  await open();
});
afterEach(async () => {
  await close();
  await database.close();
  await receivers.stop();
});

async function open(): Promise<void> {
  const { catalog } = loadCatalog({ profiles: new Set() });
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
  engine.gatewayOnline('hq/edge', clock.nowMs());
  engine.deviceOnline('hq/edge', 'plc', [], clock.nowMs());
  await engine.settled();
  const vault = new Vault(Buffer.alloc(32, 7));
  notifications = new Notifications({
    database,
    engine,
    catalog,
    vault,
    clock,
    logger: silentLogger,
    random: () => 0.5,
  });
  await notifications.start();
}

async function close(): Promise<void> {
  await notifications.stop();
  await engine.stop();
}

async function settled(): Promise<void> {
  // What one sets off may set off the other: the alarm of a channel is a message of the next.
  for (let turn = 0; turn < 3; turn++) {
    await engine.settled();
    await notifications.notifier.settled();
  }
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    clock.advance(Math.min(1000, left));
    await settled();
  }
}

const whole = { enabled: true, language: 'en' as const, coalesceS: 0, perMinute: 60 };

async function putHook(enabled = true): Promise<void> {
  const settings = { kind: 'webhook' as const, url: `${baseUrl}/hook` };
  const secrets = { signingKey: 'hook-key' };
  await notifications.putChannel('hook', { ...whole, enabled, name: 'Control room', settings, secrets }, author);
}

async function configure(): Promise<void> {
  await putHook();
  await notifications.putChannel(
    'sms',
    {
      ...whole,
      name: 'SMS',
      settings: {
        kind: 'http',
        method: 'POST',
        url: `${baseUrl}/sms`,
        headers: [],
        contentType: 'application/json',
        body: '{"text":"{{text}}"}',
        success: { type: 'status' },
        maxTextBytes: 500,
      },
    },
    author,
  );
  await notifications.putPerson(
    {
      id: 'li',
      name: 'Li',
      language: 'en',
      user: null,
      roles: [],
      contacts: [{ channel: 'sms', address: '13800138000' }],
      quiet: null,
      enabled: true,
    },
    author,
  );
  await notifications.putPolicy(
    {
      id: 'all',
      name: 'All',
      enabled: true,
      match: {},
      steps: [
        {
          afterMinutes: 0,
          targets: [
            { type: 'channel', id: 'hook' },
            { type: 'person', id: 'li' },
          ],
        },
      ],
      repeat: null,
      stopOnReturn: false,
      tellReturned: true,
    },
    author,
  );
}

const stateOf = (source: string): string | undefined => engine.book.of(source)[0]?.alarm.state;

/** An alarm of the plant, so that there is something to tell. */
async function loseGateway(): Promise<void> {
  engine.gatewayOffline('hq/edge', clock.nowMs());
  await settled();
  await pass(11_000);
}

test('a channel that fails is an alarm, which is told over the others, until a message is taken', async () => {
  await configure();
  await loseGateway();
  expect(stateOf(hook)).toBe('NORM');
  expect(texts).toEqual([expect.stringContaining('Gateway')]);
  // The third attempt is due two and a half minutes after the first.
  await pass(3 * minuteMs);
  expect(stateOf(hook)).toBe('UNACK');
  expect(stateOf(channelSource('hq', 'sms'))).toBe('NORM');
  expect(texts).toEqual([
    expect.stringContaining('Gateway'),
    expect.stringContaining('Notification channel fails (Control room)'),
  ]);
  expect(await notifications.status()).toMatchObject({ dead: 0 });

  isHookUp = true;
  await pass(12 * minuteMs);
  expect(stateOf(hook)).toBe('RTNUN');
  expect(texts.at(-1)).toContain('Returned');
  expect(texts.at(-1)).toContain('Control room');
});

test('one message that is refused for good counts after five minutes; a test counts for nothing', async () => {
  await configure();
  for (let count = 0; count < 4; count++)
    await notifications.testChannel('hook', { address: '', language: 'en' }, author);
  await pass(6 * minuteMs);
  expect(stateOf(hook)).toBe('NORM');
  expect(notifications.notifier.sender.troubles.of('hook')).not.toBeNull();
  receivers.answer = ({ path }) => ({ status: path === '/hook' ? 401 : 200, body: {} });
  await loseGateway();
  expect(stateOf(hook)).toBe('NORM');
  await pass(5 * minuteMs);
  expect(stateOf(hook)).toBe('UNACK');
});

test('a restart keeps the alarm, a changed channel ends it, and with a disabled one it goes', async () => {
  await configure();
  await loseGateway();
  await pass(6 * minuteMs);
  expect(stateOf(hook)).toBe('UNACK');
  const { occurrence } = engine.book.of(hook)[0]?.alarm ?? {};
  await close();
  clock.advance(minuteMs);
  await open();
  await settled();
  expect(engine.book.of(hook)[0]?.alarm).toMatchObject({ state: 'UNACK', occurrence });

  isHookUp = true;
  await putHook();
  await settled();
  expect(stateOf(hook)).toBe('RTNUN');
  await putHook(false);
  await settled();
  expect(stateOf(hook)).toBeUndefined();
});
