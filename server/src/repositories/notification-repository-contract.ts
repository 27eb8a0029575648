import { describe, expect, test } from 'vitest';
import { newDelivery } from '../notifications/compose.ts';
import type { Notice } from '../notifications/domain/gather.ts';
import { testFacts } from '../notifications/test-helpers/messages.ts';
import type { Db } from './database.ts';
import { journalAfter, lastJournalSeq } from './journal-repository.ts';
import {
  callCounts,
  callsOfOccurrence,
  dueCalls,
  findLink,
  insertLink,
  moveCursor,
  openCallsOf,
  readCursor,
  saveCall,
  useLink,
} from './notification-call-repository.ts';
import {
  deleteNotificationConfig,
  deleteSecrets,
  loadNotificationConfig,
  loadSecrets,
  saveNotificationConfig,
  saveSecret,
} from './notification-config-repository.ts';
import {
  deliveryCounts,
  findDelivery,
  insertDelivery,
  insertNotices,
  lastAttempts,
  listDeliveries,
  noticesOf,
  recentAttempts,
  unfinishedDeliveries,
  updateDelivery,
  waitingNotices,
} from './notification-outbox-repository.ts';

import { newestTime, pruneNotifications, setBack } from './notification-upkeep-repository.ts';

import { onDatabase } from './test-helpers/on-database.ts';

/** What notifications keep, alike on every database engine. `url` gives the address of an empty database each time it is called. */
export function describeNotificationRepositories(engine: string, url: () => Promise<string>): void {
  const withDatabase = (run: (db: Db) => Promise<void>) => onDatabase(url, ({ db }) => run(db));
  const facts = testFacts();
  const notice = (id: string, parts: Partial<Notice> = {}): Notice => ({
    id,
    call: '1.p',
    kind: 'alarm',
    held: false,
    flood: null,
    person: 'an',
    contact: 0,
    channel: 'mail',
    address: 'an@example.com',
    language: 'en',
    rank: 2,
    createdMs: 1000,
    dueMs: 2000,
    facts,
    link: null,
    ...parts,
  });
  const delivery = (notices: Notice[], nowMs = 1000) =>
    newDelivery('mail', { notices, nowMs, envelope: { kind: 'alarm', address: 'an@example.com', language: 'en' } });

  describe(`notification repositories on ${engine}`, () => {
    test('configuration is written over and removed by kind and id', () =>
      withDatabase(async (db) => {
        await saveNotificationConfig(db, 'person', { id: 'an', body: { name: 'An' } });
        await saveNotificationConfig(db, 'roster', { id: 'an', body: { name: 'R' } });
        await saveNotificationConfig(db, 'person', { id: 'an', body: { name: 'Ann' } });
        expect(await loadNotificationConfig(db)).toHaveLength(2);
        expect(await loadNotificationConfig(db)).toContainEqual({ kind: 'person', id: 'an', body: { name: 'Ann' } });
        await deleteNotificationConfig(db, 'person', 'an');
        expect(await loadNotificationConfig(db)).toEqual([{ kind: 'roster', id: 'an', body: { name: 'R' } }]);
      }));

    test('secrets go one by one or with their channel', () =>
      withDatabase(async (db) => {
        for (const [channel, name] of [
          ['mail', 'password'],
          ['ding', 'accessToken'],
          ['ding', 'signingSecret'],
        ] as const)
          await saveSecret(db, { channel, name, sealed: 'x' });
        await deleteSecrets(db, 'ding', 'signingSecret');
        expect((await loadSecrets(db)).map(({ name }) => name).sort()).toEqual(['accessToken', 'password']);
        await deleteSecrets(db, 'ding');
        expect(await loadSecrets(db)).toEqual([{ channel: 'mail', name: 'password', sealed: 'x' }]);
      }));

    test('the cursor begins at the end of the journal', () =>
      withDatabase(async (db) => {
        expect(await readCursor(db, 'calls')).toBe(0);
        expect(await lastJournalSeq(db)).toBe(0);
        expect(await journalAfter(db, 0, 10)).toEqual([]);
        await moveCursor(db, 'calls', 17);
        expect(await readCursor(db, 'calls')).toBe(17);
        expect(await readCursor(db, 'mqtt')).toBeNull();
      }));

    test('calls are found by alarm, by time and by occurrence until they end', () =>
      withDatabase(async (db) => {
        const call = { id: '1.p', policy: 'p', facts, rung: 1, openedMs: 0, nextMs: 500, endedMs: null, endedBy: null };
        await saveCall(db, call);
        await saveCall(db, { ...call, id: '2.p', nextMs: 900 });
        expect((await openCallsOf(db, facts.alarm)).map(({ id }) => id).sort()).toEqual(['1.p', '2.p']);
        expect(await dueCalls(db, 500)).toEqual([call]);
        expect(await callCounts(db)).toEqual({ open: 2, nextMs: 500 });
        await saveCall(db, { ...call, nextMs: null, endedMs: 600, endedBy: 'an' });
        expect(await callCounts(db)).toEqual({ open: 1, nextMs: 900 });
        expect(await callsOfOccurrence(db, facts.alarm, facts.occurrence)).toHaveLength(2);
        expect(await callsOfOccurrence(db, facts.alarm, 'another')).toEqual([]);
      }));

    test('a link is used once', () =>
      withDatabase(async (db) => {
        await insertLink(db, {
          id: 'l',
          person: 'an',
          alarm: facts.alarm,
          occurrence: null,
          expires_ms: 100,
          used_ms: null,
        });
        expect([await useLink(db, 'l', 50), await useLink(db, 'l', 60)]).toEqual([true, false]);
        expect(await findLink(db, 'l')).toMatchObject({ used_ms: 50 });
        expect(await findLink(db, 'other')).toBeNull();
      }));

    test('a notice is there once, and waits until it is in a message', () =>
      withDatabase(async (db) => {
        await insertNotices(db, [notice('a'), notice('b', { rank: 0, link: 'l', held: true })]);
        await insertNotices(db, [notice('a', { address: 'other' }), notice('c')]);
        expect((await waitingNotices(db)).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
        expect((await waitingNotices(db))[0]).toEqual(notice('b', { rank: 0, link: 'l', held: true }));
        const made = delivery([notice('a')]);
        await insertDelivery(db, made, [notice('a')]);
        expect((await waitingNotices(db)).map(({ id }) => id)).toEqual(['b', 'c']);
        expect(await noticesOf(db, 'delivery', made.id)).toEqual([notice('a')]);
        expect(await findDelivery(db, made.id)).toEqual(made);
        expect(await deliveryCounts(db)).toEqual({ waiting: 2, dead: 0 });
      }));

    test('what waits is set back with the clock; the end of quiet hours, which is one of the wall, and what is done stay', () =>
      withDatabase(async (db) => {
        const call = { policy: 'p', facts, rung: 1, openedMs: 10_000, nextMs: 20_000, endedMs: null, endedBy: null };
        await saveCall(db, { ...call, id: '1.p' });
        await saveCall(db, { ...call, id: '2.p', openedMs: 99_000, nextMs: null, endedMs: 99_500, endedBy: 'an' });
        await insertNotices(db, [
          notice('a', { dueMs: 15_000 }),
          notice('b', {
            dueMs: 15_000,
            held: true,
            facts: testFacts({ name: { zh: '"held":false', en: '"held":false' } }),
          }),
        ]);
        const tried = { ...delivery([]), state: 'retrying' as const, triedMs: 11_000, nextMs: 41_000 };
        await insertDelivery(db, tried, []);
        expect(await newestTime(db)).toBe(11_000);
        await setBack(db, 5_000);
        expect(await openCallsOf(db, facts.alarm)).toMatchObject([{ id: '1.p', openedMs: 5_000, nextMs: 15_000 }]);
        expect((await callsOfOccurrence(db, facts.alarm, facts.occurrence))[0]).toMatchObject({ openedMs: 99_000 });
        expect((await waitingNotices(db)).map(({ id, dueMs }) => [id, dueMs])).toEqual([
          ['a', 10_000],
          ['b', 15_000],
        ]);
        expect(await unfinishedDeliveries(db)).toMatchObject([{ nextMs: 36_000 }]);
      }));

    test('deliveries are listed newest first, page by page, and found while unfinished', () =>
      withDatabase(async (db) => {
        const made = [1, 2, 3, 3].map((at) => delivery([], at * 1000));
        for (const each of made) await insertDelivery(db, each, []);
        const first = await listDeliveries(db, { limit: 3 });
        const rest = await listDeliveries(db, { limit: 3, after: first.next ?? '' });
        expect([...first.items, ...rest.items].map(({ createdMs }) => createdMs)).toEqual([3000, 3000, 2000, 1000]);
        expect(rest.next).toBeNull();
        const sent = {
          ...made[0]!,
          state: 'sent' as const,
          attempts: 1,
          nextMs: null,
          triedMs: 5000,
          sentMs: 5001,
          receipt: 'ok',
        };
        await updateDelivery(db, sent);
        expect(await unfinishedDeliveries(db)).toHaveLength(3);
        expect((await listDeliveries(db, { state: 'sent' })).items).toEqual([sent]);
        expect(await recentAttempts(db, 4000)).toEqual([{ channel: 'mail', triedMs: 5000 }]);
        expect(await lastAttempts(db, 'mail', 1)).toEqual([sent]);
        await pruneNotifications(db, 4000);
        expect((await listDeliveries(db, {})).items).toHaveLength(3);
      }));
  });
}
