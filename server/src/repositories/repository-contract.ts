import type { Command, OutboxHole } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { initialRuleState } from '../domain/alarms/condition.ts';
import { initialLateState } from '../domain/alarms/late-track.ts';
import { initialAlarm } from '../domain/alarms/machine.ts';
import { testDefinition } from '../domain/test-helpers/definition.ts';
import { decideOrder } from '../domain/work-orders/policy.ts';
import type { EquipmentPlace } from '../engine/plant.ts';
import { loadAlarms, loadLimits, saveAlarms, saveLimit } from './alarm-repository.ts';
import { appendAudit, readAudit } from './audit-repository.ts';
import {
  findCommand,
  findCommandByKey,
  insertCommand,
  listCommands,
  openCommands,
  updateCommand,
} from './command-repository.ts';
import { type Database, openDatabase } from './database.ts';
import { loadHoles, saveHoles } from './hole-repository.ts';
import { deleteOverride, loadOverrides, saveOverride } from './override-repository.ts';
import {
  addToken,
  addUser,
  changeUser,
  closeSession,
  findSession,
  findToken,
  openSession,
} from './people-repository.ts';
import { loadPlant, savePlant } from './plant-repository.ts';
import { onDatabase } from './test-helpers/on-database.ts';
import {
  appendEvidence,
  appendOrderEvents,
  hasEvidence,
  latestOrder,
  listOrders,
  nextOrderNumber,
  orderDetail,
  orderIdOf,
  resetSteps,
  saveOrder,
  setStep,
} from './work-order-repository.ts';

/** What every database engine must do alike. `url` gives the address of an empty database each time it is called. */
export function describeRepositories(engine: string, url: () => Promise<string>): void {
  const text = { zh: '水泵', en: 'Pump' };
  const withDatabase = (run: (database: Database, address: string) => Promise<void>) => onDatabase(url, run);

  describe(`repositories on ${engine}`, () => {
    test('migrations run once; a second opening finds what was written', () =>
      withDatabase(async ({ db }, address) => {
        await savePlant(db, { sites: [{ id: 'hq', name: text, timeZone: 'Asia/Shanghai' }] });
        const again = await openDatabase(address);
        expect((await loadPlant(again.db)).sites).toEqual([{ id: 'hq', name: text, timeZone: 'Asia/Shanghai' }]);
        await again.close();
      }));

    test('the plant comes back as it was saved, in the order of the file', () =>
      withDatabase(async ({ db }) => {
        const place = (id: string): EquipmentPlace => ({
          id,
          site: 'hq',
          class: 'pump',
          name: text,
          space: null,
          parent: null,
          dependsOn: ['hq/x', { oneOf: ['hq/y', 'hq/z'], needs: 1 }],
          origin: 'birth',
        });
        const equipment = [place('hq/z'), place('hq/a')];
        const device = {
          id: 'hq/g/d',
          gateway: 'hq/g',
          profile: null,
          connection: 'bus',
          online: true,
          sinceMs: 2 ** 41,
          equipment: ['hq/z'],
        };
        await savePlant(db, { equipment, devices: [device] });
        await savePlant(db, { devices: [{ ...device, online: false }] });
        const plant = await loadPlant(db);
        expect(plant.equipment).toEqual(equipment);
        expect(plant.devices).toEqual([{ ...device, online: false }]);
      }));

    test('a point keeps how it was born: delivered or derived, writable or not', () =>
      withDatabase(async ({ db }) => {
        const point = {
          equipment: 'hq/z',
          class: 'power-meter',
          unit: 'V',
          lane: 'live',
          silenceMs: null,
          gateway: 'hq/g',
          device: 'hq/g/d',
        } as const;
        const points = [
          { ...point, id: 'hq/z/voltage-l1', derived: false, write: null },
          { ...point, id: 'hq/z/voltage-ln-average', derived: true, write: { min: 0, max: 1, values: null } },
        ];
        await savePlant(db, { points });
        expect((await loadPlant(db)).points).toEqual(points);
      }));

    test('an alarm is overwritten', () =>
      withDatabase(async ({ db }) => {
        const alarm = initialAlarm(testDefinition());
        const late = { ...initialLateState, settledMs: 5, former: [initialRuleState] };
        const core = { atMs: 7, operands: [null], memos: [{ edges: [5] }], truth: true };
        const signal = { key: 'of-a-rule', core };
        const raised = { type: 'raised' as const, onsetMs: 5, atMs: 7, value: 3 };
        const held = { events: [raised], untilMs: 2 ** 41 };
        await saveAlarms(db, [{ alarm, rule: initialRuleState, late: initialLateState, signal: null, held: null }]);
        expect((await loadAlarms(db))[0]?.late).toEqual(initialLateState);
        await saveAlarms(db, [
          { alarm: { ...alarm, revision: 5 }, rule: { ...initialRuleState, sinceMs: 7 }, late, signal, held },
        ]);
        expect(await loadAlarms(db)).toEqual([
          { alarm: { ...alarm, revision: 5 }, rule: { ...initialRuleState, sinceMs: 7 }, late, signal, held },
        ]);
      }));

    test('there can be one open order of an equipment and failure mode', () =>
      withDatabase(async ({ db }) => {
        const open = async () => {
          const id = orderIdOf(await nextOrderNumber(db));
          const alarm = { ...initialAlarm(testDefinition()), equipment: 'hq/pump-1' };
          const template = { failureMode: 'leak', title: text, skills: [], checklist: [text, text], minutes: null };
          return decideOrder({ alarm, occurrence: 'o', atMs: 1, value: 1, template, newId: () => id }, null, 1);
        };
        const decision = await open();
        const { order } = decision;
        expect(order.id).toBe('WO-000001');
        await saveOrder(db, order);
        await appendOrderEvents(db, order.id, decision.events);
        await appendEvidence(db, order.id, { key: 'o#1', evidence: decision.evidence });
        await resetSteps(db, order.id, [text, text]);
        expect(await hasEvidence(db, 'o#1')).toBe(true);
        await expect(appendEvidence(db, order.id, { key: 'o#1', evidence: decision.evidence })).rejects.toThrow();
        expect(await setStep(db, { order: order.id, step: 1 }, { done: true, user: 'li', nowMs: 9 })).toEqual(text);
        expect(await setStep(db, { order: order.id, step: 2 }, { done: true, user: 'li', nowMs: 9 })).toBeNull();
        const second = await open();
        await expect(saveOrder(db, second.order)).rejects.toThrow();
        await saveOrder(db, { ...order, state: 'closed', closedMs: 5 });
        await saveOrder(db, second.order);
        expect((await latestOrder(db, 'hq/pump-1', 'leak'))?.id).toBe('WO-000002');
        expect((await listOrders(db, {})).items.map((o) => o.id)).toEqual(['WO-000002', 'WO-000001']);
        expect((await listOrders(db, { open: true, site: 'hq' })).items).toHaveLength(1);
        expect(await orderDetail(db, 'WO-000001')).toMatchObject({
          events: [{ kind: 'opened' }],
          evidence: [{ occurrence: 'o' }],
          checklist: [{ done: false }, { done: true, by: 'li', atMs: 9 }],
        });
      }));

    test('holes of outboxes grow: one takes the place of those within it, others stay', () =>
      withDatabase(async ({ db }, address) => {
        const hole = (first: number, next: number, more: Partial<OutboxHole> = {}): OutboxHole => ({
          lane: 'live',
          reason: 'thinned',
          first,
          next,
          fromMs: 1_700_000_000_000 + first,
          toMs: 1_700_000_000_000 + next,
          count: next - first,
          uplinks: ['line-protocol', 'sparkplug'],
          recordedMs: 1_700_000_000_000 + next,
          ...more,
        });
        // Positions of an outbox that began anew are microseconds since 1970.
        const far = hole(1_790_000_000_000_000, 1_790_000_000_000_009, { count: null, reason: 'damaged' });
        await saveHoles(db, 'hq/g', [hole(0, 5), hole(5, 9, { reason: 'dropped' }), hole(20, 30), far]);
        await saveHoles(db, 'hq/other', [hole(0, 5)]);
        await saveHoles(db, 'hq/g', [hole(0, 12), hole(20, 30)]);
        const again = await openDatabase(address);
        expect(await loadHoles(again.db)).toEqual([
          { gateway: 'hq/other', ...hole(0, 5) },
          { gateway: 'hq/g', ...hole(5, 9, { reason: 'dropped' }) },
          { gateway: 'hq/g', ...hole(0, 12) },
          { gateway: 'hq/g', ...hole(20, 30) },
          { gateway: 'hq/g', ...far },
        ]);
        await again.close();
      }));

    test('sessions end by time, by sign-out, and when the user is disabled; tokens stand for a role', () =>
      withDatabase(async ({ db }) => {
        const user = { username: 'li', role: 'technician', disabled: false, createdMs: 1, passwordHash: 'x' } as const;
        expect(await addUser(db, user)).toBe(true);
        expect(await addUser(db, user)).toBe(false);
        const one = await openSession(db, 'li', 100);
        expect(await findSession(db, one.secret, 100)).toEqual({ username: 'li', role: 'technician' });
        expect(await findSession(db, one.secret, 100 + one.maxAgeMs)).toBeNull();
        await closeSession(db, one.secret);
        expect(await findSession(db, one.secret, 100)).toBeNull();
        const two = await openSession(db, 'li', 100);
        await changeUser(db, 'li', { disabled: true });
        expect(await findSession(db, two.secret, 100)).toBeNull();
        const { token } = await addToken(db, { name: 'telegraf', role: 'engineer', user: 'li', nowMs: 5 });
        expect(await findToken(db, token, 6)).toEqual({ username: 'token:telegraf', role: 'engineer' });
        expect(await findToken(db, `${token}x`, 6)).toBeNull();
      }));

    test('an override of an alarm is overwritten and removed by its id', () =>
      withDatabase(async ({ db }) => {
        const stored = {
          id: 'hq/p/t#H',
          equipment: 'hq/p',
          override: { priority: 'low', enabledWhen: null, reason: 'test' },
          by: 'chen',
          atMs: 1,
        } as const;
        await saveOverride(db, stored);
        await saveOverride(db, { ...stored, override: { enabled: false, reason: 'again' }, atMs: 2_000_000_000_000 });
        await saveOverride(db, { ...stored, id: 'hq/p/t#L' });
        expect(await loadOverrides(db)).toEqual([
          { ...stored, override: { enabled: false, reason: 'again' }, atMs: 2_000_000_000_000 },
          { ...stored, id: 'hq/p/t#L' },
        ]);
        await deleteOverride(db, stored.id);
        expect((await loadOverrides(db)).map(({ id }) => id)).toEqual(['hq/p/t#L']);
      }));

    test('limits and the audit come back', () =>
      withDatabase(async ({ db }) => {
        const limit = {
          kind: 'H',
          limit: 80,
          priority: 'low',
          opensOrder: false,
          enabled: true,
          reason: 'test',
        } as const;
        const stored = { point: 'hq/p/t', limit, by: 'chen', atMs: 1 };
        await saveLimit(db, stored);
        await saveLimit(db, { ...stored, limit: { ...limit, limit: 81 }, atMs: 2 });
        expect(await loadLimits(db)).toEqual([{ ...stored, limit: { ...limit, limit: 81 }, atMs: 2 }]);
        await appendAudit(db, {
          atMs: 1,
          user: 'chen',
          action: 'limit.set',
          subject: 'hq/p/t',
          reason: 'r',
          details: { a: 1 },
        });
        expect((await readAudit(db, { subject: 'hq/p/t' })).items).toMatchObject([{ user: 'chen', details: { a: 1 } }]);
      }));

    test('a point has one open command and a user one command a key, whoever races; they come back newest first', () =>
      withDatabase(async ({ db }) => {
        const command = (id: string, more: Partial<Command> = {}): Command => ({
          id,
          point: 'hq/ahu-1/setpoint',
          gateway: 'hq/edge',
          device: 'hq/edge/box',
          value: 21.5,
          state: 'requested',
          code: null,
          message: null,
          readBack: null,
          user: 'chen',
          reason: '夏季',
          requestedMs: 2 ** 41,
          sentMs: null,
          acceptedMs: null,
          endedMs: null,
          revision: 0,
          ...more,
        });
        const other = 'hq/ahu-2/running';
        await insertCommand(db, command('a'), 'k1');
        expect(await findCommand(db, 'a')).toEqual(command('a'));
        expect(await findCommand(db, 'b')).toBeNull();
        await expect(insertCommand(db, command('b'), null)).rejects.toThrow();
        for (const state of ['sent', 'accepted'] as const) {
          await updateCommand(db, command('a', { state, revision: 1 }));
          await expect(insertCommand(db, command('b'), null)).rejects.toThrow();
        }
        await insertCommand(db, command('c', { point: other, value: true }), null);
        expect((await openCommands(db)).map(({ id }) => id)).toEqual(['a', 'c']);
        expect((await openCommands(db, other)).map(({ id }) => id)).toEqual(['c']);
        const ended = command('a', { state: 'verified', readBack: 21.5, endedMs: 2 ** 41 + 1, revision: 3 });
        await updateCommand(db, ended);
        expect(await findCommandByKey(db, 'chen', 'k1')).toEqual(ended);
        expect(await findCommandByKey(db, 'li', 'k1')).toBeNull();
        await expect(insertCommand(db, command('b'), 'k1')).rejects.toThrow();
        await insertCommand(db, command('b', { user: 'li', value: '自动' }), 'k1');
        await updateCommand(db, command('b', { user: 'li', value: '自动', state: 'failed' }));
        await insertCommand(db, command('d'), null);
        const page = await listCommands(db, { limit: 3 });
        expect(page.items.map(({ id }) => id)).toEqual(['d', 'b', 'c']);
        expect(page.items[1]?.value).toBe('自动');
        expect(await listCommands(db, { limit: 3, after: page.next ?? '' })).toEqual({ items: [ended], next: null });
        const idsOf = async (query: Parameters<typeof listCommands>[1]) =>
          (await listCommands(db, query)).items.map(({ id }) => id);
        expect(await idsOf({ point: other })).toEqual(['c']);
        expect(await idsOf({ equipment: 'hq/ahu-1' })).toEqual(['d', 'b', 'a']);
        expect(await idsOf({ equipment: 'hq/ahu' })).toEqual([]);
      }));
  });
}
