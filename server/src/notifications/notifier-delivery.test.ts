import { describe, expect, test } from 'vitest';
import { fireFacts } from './test-helpers/messages.ts';
import { credentials } from './test-helpers/receivers.ts';
import { channel, person, ReceivingBed, robot } from './test-helpers/receiving-bed.ts';

const minute = 60_000;
/** A Monday, 23:50 in Shanghai. */
const startMs = Date.parse('2026-11-23T23:50:00+08:00');
const wired = new ReceivingBed(startMs);

describe('a storm', () => {
  test('of a thousand alarms becomes a few messages, and the fire in it goes at once; the rate of the robot is kept', async () => {
    wired.bed.facts.set('hq/z/fire#fire', fireFacts({ alarm: 'hq/z/fire#fire' }));
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('group')] }] });
    await wired.bed.start();
    for (let at = 0; at < 1000; at++) {
      await wired.bed.raise(`hq/pump-${at}/x#H`, { priority: at % 100 === 0 ? 'critical' : 'medium' });
      if (at === 755) {
        await wired.bed.raise('hq/z/fire#fire', { priority: 'critical' });
        await wired.bed.settled();
        // Not a millisecond later.
        expect(wired.group().at(-1)).toContain('火灾报警');
        expect(wired.receivers.of('/cgi-bin/').at(-1)?.atMs).toBe(wired.bed.clock.nowMs());
      }
      if (at % 10 === 0) await wired.bed.pass(250);
    }
    // The fire's own ladder goes on after five minutes.
    await wired.bed.pass(4 * minute, 1000);
    const deliveries = await wired.bed.deliveries();
    expect(deliveries.every(({ state }) => state === 'sent')).toBe(true);
    // Nothing is left out: each alarm is in exactly one message.
    expect(deliveries.reduce((sum, { count }) => sum + count, 0)).toBe(1001);
    expect(deliveries.length).toBeLessThan(40);
    // The receiver itself refuses the 21st in a minute; afterEach sees that it refused none.
  }, 120_000);

  test('fires beyond the rate go as one message, none waits', async () => {
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('group')] }] });
    await wired.bed.start();
    const fires = Array.from({ length: 50 }, (_, at) => `hq/z-${at}/fire#fire`);
    for (const alarm of fires) wired.bed.facts.set(alarm, fireFacts({ alarm, occurrence: `${alarm}@1` }));
    await wired.bed.journal(
      ...fires.map(
        (alarm) =>
          ({ alarm, action: 'activated', stateBefore: 'NORM', stateAfter: 'UNACK', priority: 'critical' }) as const,
      ),
    );
    await wired.bed.settled();
    const deliveries = await wired.bed.deliveries();
    expect(deliveries.map(({ state, count }) => [state, count])).toEqual([['sent', 50]]);
  });
});

describe('what is not taken', () => {
  test('is tried after 30 s, 2 min and 10 min under the same id, then it is a dead letter that can be sent again', async () => {
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
    await wired.bed.start();
    const tries: { id: unknown; atMs: number }[] = [];
    wired.receivers.answer = ({ body, atMs }) => {
      tries.push({ id: body.id, atMs: atMs - startMs });
      return { status: 503, body: {} };
    };
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.settled();
    await wired.bed.pass(20 * minute, 10_000);
    expect(tries.map(({ atMs }) => atMs)).toEqual([0, 30_000, 150_000, 750_000]);
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    expect(await wired.bed.deliveries()).toMatchObject([
      { state: 'dead', attempts: 4, error: expect.stringContaining('503') },
    ]);
    expect(wired.bed.notifier.sender.troubles.of('hook')).toMatchObject({ sinceMs: startMs });
  });

  test('goes to the next contact: what is urgent after the first failure, the rest when the channel is given up', async () => {
    await wired.bed.person({
      id: 'an',
      contacts: [
        { channel: 'hook', address: '' },
        { channel: 'group', address: '13800000001' },
      ],
    });
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [person('an')] }] });
    await wired.bed.start();
    wired.receivers.answer = ({ path }) => (path === '/hook' ? { status: 500, body: {} } : null);
    await wired.bed.raise('hq/a/x#H', { priority: 'critical' });
    await wired.bed.raise('hq/b/x#H', { priority: 'low' });
    await wired.bed.settled();
    expect(wired.group()).toHaveLength(1);
    expect(wired.group()[0]).toContain('[Critical]');
    await wired.bed.pass(14 * minute, 10_000);
    expect(wired.group()).toHaveLength(2);
    expect(wired.group()[1]).toContain('[Low]');
  });

  test('that a fire is over goes to the next contact as good news, which is never urgent', async () => {
    await wired.bed.channel(
      { id: 'group', settings: { ...robot, mentionAll: 'never', baseUrl: wired.baseUrl }, coalesceS: 60 },
      credentials.wecom,
    );
    await wired.bed.person({
      id: 'an',
      contacts: [
        { channel: 'hook', address: '' },
        { channel: 'group', address: '13800000001' },
      ],
    });
    const alarm = 'hq/z/fire#fire';
    wired.bed.facts.set(alarm, fireFacts({ alarm, occurrence: `${alarm}@1.1` }));
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [person('an')] }], tellReturned: true });
    await wired.bed.start();
    await wired.bed.raise(alarm, { priority: 'critical' });
    await wired.bed.settled();
    wired.receivers.answer = ({ path }) => (path === '/hook' ? { status: 400, body: {} } : null);
    await wired.bed.giveBack(alarm);
    await wired.bed.settled();
    expect(wired.group()).toEqual([]);
    await wired.bed.pass(minute, 1_000);
    expect(wired.group()).toEqual([expect.stringContaining('Returned')]);
    expect((await wired.bed.deliveries()).at(-1)).toMatchObject({ channel: 'group', rank: 2, kind: 'returned' });
  });

  test('a disabled channel holds nothing back', async () => {
    await wired.bed.channel({
      id: 'hook',
      enabled: false,
      settings: { kind: 'webhook', url: `${wired.baseUrl}/hook` },
    });
    await wired.bed.person({ id: 'an', contacts: [{ channel: 'group', address: '13800000001' }] });
    await wired.bed.policy({
      id: 'p',
      match: { priorities: ['critical'] },
      steps: [{ afterMinutes: 0, targets: [channel('hook'), person('an')] }],
    });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H', { priority: 'critical' });
    await wired.bed.settled();
    expect(wired.group()).toHaveLength(1);
    expect(wired.hooks()).toEqual([]);
  });
});

test('a receiver that repeats a secret of the channel tells it to nobody', async () => {
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  await wired.bed.start();
  const { signingKey } = credentials.webhook;
  wired.receivers.answer = () => ({ status: 400, body: { why: `not "${signingKey}"` } });
  await wired.bed.raise('hq/a/x#H');
  await wired.bed.settled();
  wired.receivers.answer = () => ({ body: { taken: signingKey } });
  await wired.bed.raise('hq/b/x#H');
  await wired.bed.settled();
  const deliveries = await wired.bed.deliveries();
  const refused = deliveries.find(({ state }) => state === 'dead');
  const taken = deliveries.find(({ state }) => state === 'sent');
  expect(refused?.error).toContain('400');
  expect(taken?.receipt).toContain('taken');
  expect(JSON.stringify([refused, taken, wired.bed.notifier.sender.troubles.of('hook')])).not.toContain(signingKey);
});

describe('a restart', () => {
  test('in the middle of sending sends again under the same id, so that a receiver has it once', async () => {
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
    await wired.bed.start();
    const ids: unknown[] = [];
    let reached = (): void => undefined;
    const reaching = new Promise<void>((resolve) => {
      reached = resolve;
    });
    // The receiver has the first one, but its answer never comes.
    wired.receivers.answer = ({ body }) => {
      ids.push(body.id);
      reached();
      return ids.length === 1 ? new Promise(() => undefined) : null;
    };
    await wired.bed.raise('hq/a/x#H');
    await reaching;
    await wired.bed.stop();
    await wired.bed.open();
    await wired.bed.start();
    await wired.bed.settled();
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect((await wired.bed.deliveries()).map(({ state, attempts }) => [state, attempts])).toEqual([['sent', 2]]);
  });

  test('loses nothing that was journalled meanwhile and doubles nothing that was followed; ladders go on', async () => {
    await wired.bed.policy({
      id: 'p',
      steps: [
        { afterMinutes: 0, targets: [channel('hook')] },
        { afterMinutes: 5, targets: [channel('hook')] },
      ],
    });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.settled();
    await wired.bed.notifier.stop();
    await wired.bed.raise('hq/b/x#H');
    wired.bed.clock.advance(6 * minute);
    await wired.bed.database.close();
    await wired.bed.open();
    await wired.bed.start();
    await wired.bed.settled();
    expect(wired.hooks().flat().toSorted()).toEqual(['announced hq/a/x#H', 'announced hq/a/x#H', 'announced hq/b/x#H']);
    await wired.bed.pass(5 * minute);
    expect(
      wired
        .hooks()
        .flat()
        .filter((each) => each.endsWith('hq/b/x#H')),
    ).toHaveLength(2);
  });

  test('leaves a channel failing that has failed with several messages, and remembers when it took one last', async () => {
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.settled();
    wired.receivers.answer = () => ({ status: 400, body: {} });
    for (const alarm of ['hq/b/x#H', 'hq/c/x#H', 'hq/d/x#H']) {
      await wired.bed.pass(10_000);
      await wired.bed.raise(alarm);
      await wired.bed.settled();
    }
    const { troubles } = wired.bed.notifier.sender;
    const before = [troubles.isFailing('hook'), troubles.of('hook')?.sinceMs, troubles.lastSentMs('hook')];
    expect(before).toEqual([true, startMs + 10_000, startMs]);
    await wired.bed.stop();
    await wired.bed.open();
    await wired.bed.start();
    const after = wired.bed.notifier.sender.troubles;
    expect([after.isFailing('hook'), after.of('hook')?.sinceMs, after.lastSentMs('hook')]).toEqual(before);
  });

  test('remembers what a robot was sent in the last minute', async () => {
    await wired.bed.channel(
      { id: 'group', settings: { ...robot, baseUrl: wired.baseUrl }, coalesceS: 0, perMinute: 2 },
      credentials.wecom,
    );
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('group')] }] });
    await wired.bed.start();
    for (const alarm of ['hq/a/x#H', 'hq/b/x#H']) {
      wired.bed.facts.set(alarm, fireFacts({ alarm }));
      await wired.bed.raise(alarm);
      await wired.bed.settled();
    }
    await wired.bed.stop();
    await wired.bed.open();
    await wired.bed.start();
    wired.bed.facts.set('hq/c/x#H', fireFacts({ alarm: 'hq/c/x#H' }));
    await wired.bed.raise('hq/c/x#H');
    await wired.bed.settled();
    expect(wired.group()).toHaveLength(2);
    await wired.bed.pass(minute, 1000);
    expect(wired.group()).toHaveLength(3);
  });
});
