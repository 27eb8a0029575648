import {
  type Command,
  type CommandOutcome,
  type CommandRequest,
  silentLogger,
  VirtualClock,
} from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { Engine } from '../engine/engine.ts';
import type { PointCommand } from '../ingest/ingest-options.ts';
import { readAudit } from '../repositories/audit-repository.ts';
import { findCommand, listCommands, openCommands } from '../repositories/command-repository.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { CommandService, type CommandServiceOptions } from './command-service.ts';
import { giveBirth } from './test-helpers/born-plant.ts';

const profiles = new Set(['lg/pdrycb500', 'notifier/modbus-gw', 'inovance/nice3000-plus']);
const { catalog } = loadCatalog({ profiles });
const setpoint = 'hq/vrf-1/setpoint';

let clock: VirtualClock;
let database: Database;
let engine: Engine;
let service: CommandService;
let sent: (PointCommand & { gateway: string })[];
let told: Command[];
let answerOfHost: ReturnType<CommandServiceOptions['send']>;

beforeEach(async () => {
  clock = new VirtualClock();
  database = await openDatabase(':memory:');
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
  giveBirth(engine, clock.nowMs());
  await engine.settled();
  sent = [];
  told = [];
  answerOfHost = null;
  service = newService();
  await service.start();
});
afterEach(async () => {
  service.stop();
  await engine.stop();
  await database.close();
});

function newService(): CommandService {
  const made = new CommandService({
    engine,
    catalog,
    database,
    send: (gateway, { id, point, value }) => {
      if (answerOfHost === null) sent.push({ gateway, id, point, value });
      return answerOfHost;
    },
    clock,
    logger: silentLogger,
  });
  made.onChange((command) => told.push(command));
  return made;
}
const ask = (more: Partial<CommandRequest> = {}, user = 'chen'): Promise<Command> =>
  service.request({ point: setpoint, value: 21, ...more }, user);
const states = (): string[] => told.map(({ state }) => state);
const held = (id: string): Promise<Command | null> => findCommand(database.db, id);
const said = async (id: string, more: Partial<CommandOutcome>, gateway = 'hq/edge'): Promise<void> => {
  const outcome = {
    id,
    point: setpoint,
    state: 'verified',
    reason: null,
    message: null,
    readBack: 21,
    atMs: 1,
  } as const;
  service.outcome(gateway, { ...outcome, ...more });
  await engine.settled();
};
const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await engine.settled();
};

describe('a command', () => {
  test('is recorded and audited before it is sent, and followed to its end', async () => {
    const command = await ask({ reason: ' summer ' });
    expect(sent).toEqual([{ gateway: 'hq/edge', id: command.id, point: setpoint, value: 21 }]);
    expect(command).toMatchObject({ state: 'sent', user: 'chen', reason: 'summer', device: 'hq/edge/box' });
    await said(command.id, { state: 'accepted', readBack: null, withinMs: 15_000 });
    await said(command.id, {});
    expect(states()).toEqual(['requested', 'sent', 'accepted', 'verified']);
    expect(told.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
    expect(await held(command.id)).toEqual(told.at(-1));
    expect(told.at(-1)).toMatchObject({ readBack: 21, acceptedMs: clock.nowMs(), endedMs: clock.nowMs() });
    const { items } = await readAudit(database.db, { subject: setpoint });
    expect(items).toMatchObject([{ action: 'command.request', user: 'chen', reason: 'summer' }]);
  });

  test('of which nothing is heard ends in its time; the truth may still come, once', async () => {
    const { id } = await ask();
    await pass(39_999);
    expect((await held(id))?.state).toBe('sent');
    await pass(1);
    expect(await held(id)).toMatchObject({ state: 'timed-out', code: 'no-outcome', endedMs: clock.nowMs() });
    await said(id, { state: 'unverified', reason: 'read-back-differs', readBack: 19 });
    await said(id, {});
    expect(await held(id)).toMatchObject({ state: 'unverified', code: 'read-back-differs', readBack: 19 });
    expect(states()).toEqual(['requested', 'sent', 'timed-out', 'unverified']);
  });

  test('that was accepted has the time that its gateway says, and a little more', async () => {
    const { id } = await ask();
    await pass(30_000);
    await said(id, { state: 'accepted', withinMs: 60_000 });
    await pass(64_999);
    expect((await held(id))?.state).toBe('accepted');
    await pass(1);
    expect(await held(id)).toMatchObject({ state: 'timed-out', code: 'no-outcome' });
  });

  test.each(['requested', 'sent', 'accepted'] as const)(
    'that is %s when the server stops is unheard of after its restart, frees its point, and may still be told',
    async (state) => {
      const { id } = await ask();
      if (state === 'accepted') await said(id, { state });
      if (state === 'requested') {
        const row = { ...(await held(id)), state };
        await database.db
          .updateTable('commands')
          .set({ state, body: JSON.stringify(row) })
          .execute();
      }
      service.stop();
      await pass(600_000);
      expect((await held(id))?.state).toBe(state);
      service = newService();
      await service.start();
      expect(await held(id)).toMatchObject({ state: 'timed-out', code: 'server-restarted' });
      expect(await openCommands(database.db)).toEqual([]);
      const next = await ask({ value: 22 });
      await said(id, {});
      expect(await held(id)).toMatchObject({ state: 'verified', readBack: 21 });
      expect(await held(next.id)).toMatchObject({ state: 'sent' });
      expect(sent.map((command) => command.id)).toEqual([id, next.id]);
    },
  );

  test('is not ended by the word of another gateway, nor brought back by a word that comes after its end', async () => {
    const { id } = await ask();
    await said(id, {}, 'hq/other');
    expect((await held(id))?.state).toBe('sent');
    await said(id, { state: 'failed', reason: 'device-refused' });
    await said(id, { state: 'accepted' });
    await said(id, {});
    expect(await held(id)).toMatchObject({ state: 'failed', code: 'device-refused' });
    await said('nobody-knows', {});
  });

  test.each(['gateway-offline', 'device-offline'] as const)(
    'that the host cannot hand over has failed (%s)',
    async (code) => {
      answerOfHost = code;
      expect(await ask()).toMatchObject({ state: 'failed', code, sentMs: null, endedMs: clock.nowMs() });
      await pass(60_000);
      expect(states()).toEqual(['requested', 'failed']);
    },
  );

  test('keeps its point until it has ended; other points are free', async () => {
    const first = await ask();
    await expect(ask({ value: 22 }, 'li')).rejects.toMatchObject({ code: 'COMMAND_BUSY', statusCode: 409 });
    await ask({ point: 'hq/vrf-1/running', value: true });
    await said(first.id, {});
    await ask({ value: 22 }, 'li');
    expect(sent).toHaveLength(3);
  });

  test('with a key is the same command again, for its user only, also when both come at once', async () => {
    const [one, two] = await Promise.all([ask({ key: 'k' }), ask({ key: 'k' })]);
    expect(two.id).toBe(one.id);
    expect(sent).toHaveLength(1);
    await said(one.id, {});
    expect(await ask({ key: 'k' })).toMatchObject({ id: one.id, state: 'verified' });
    await expect(ask({ key: 'k', value: 22 })).rejects.toMatchObject({ code: 'COMMAND_KEY_USED' });
    expect((await ask({ key: 'k' }, 'li')).id).not.toBe(one.id);
    expect(sent).toHaveLength(2);
  });

  test('of two for one point at the same instant, one is taken', async () => {
    const results = await Promise.allSettled([ask({}, 'chen'), ask({ value: 22 }, 'li')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(sent).toHaveLength(1);
  });
});

describe('what may not be set', () => {
  test.each<[string, CommandRequest, string, number]>([
    ['a point that is not there', { point: 'hq/x/y', value: 1 }, 'NOT_FOUND', 404],
    ['a point of a lift', { point: 'hq/lift-1/floor', value: 1 }, 'COMMAND_READ_ONLY', 403],
    ['a point of a fire panel', { point: 'hq/panel-1/fire-count', value: 0 }, 'COMMAND_READ_ONLY', 403],
    ['a point of a lift, born as something else', { point: 'hq/lift-1/speed', value: 1 }, 'COMMAND_READ_ONLY', 403],
    ['a point of no class', { point: 'hq/vrf-1/fan-speed', value: 1 }, 'COMMAND_READ_ONLY', 403],
    ['a point that is only read', { point: 'hq/vrf-1/room-temperature', value: 20 }, 'COMMAND_NOT_WRITABLE', 409],
    ['too much', { point: setpoint, value: 30.5 }, 'COMMAND_VALUE', 400],
    ['too little', { point: setpoint, value: 15.9 }, 'COMMAND_VALUE', 400],
    ['a text for a number', { point: setpoint, value: '21' }, 'COMMAND_VALUE', 400],
    ['a number for a truth value', { point: 'hq/vrf-1/running', value: 1 }, 'COMMAND_VALUE', 400],
    ['a broken code', { point: 'hq/vrf-1/mode', value: 1.5 }, 'COMMAND_VALUE', 400],
    ['a code that is not offered', { point: 'hq/vrf-1/mode', value: 7 }, 'COMMAND_VALUE', 400],
  ])('%s is refused in words and audited; nothing is recorded or sent', async (_, request, code, statusCode) => {
    await expect(service.request(request, 'chen')).rejects.toMatchObject({ code, statusCode });
    const { items } = await readAudit(database.db, { subject: request.point });
    expect(items).toMatchObject([{ action: 'command.refused', user: 'chen', details: { value: request.value, code } }]);
    expect((await listCommands(database.db, {})).items).toEqual([]);
    expect([sent, told]).toEqual([[], []]);
  });

  test.each([
    ['gateway', () => engine.gatewayOffline('hq/edge', 2), 'COMMAND_GATEWAY_OFFLINE'],
    ['device', () => engine.deviceOffline('hq/edge', 'box', 2), 'COMMAND_DEVICE_OFFLINE'],
  ] as const)('nothing, while the %s is offline', async (_, goOffline, code) => {
    goOffline();
    await engine.settled();
    await expect(ask()).rejects.toMatchObject({ code, statusCode: 409 });
    expect(sent).toEqual([]);
  });
});
