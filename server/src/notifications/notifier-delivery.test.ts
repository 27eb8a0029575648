import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fireFacts } from './test-helpers/messages.ts';
import { NotifierBed } from './test-helpers/notifier-bed.ts';
import { credentials, Receivers } from './test-helpers/receivers.ts';

const minute = 60_000;
/** A Monday, 23:50 in Shanghai. */
const startMs = Date.parse('2026-11-23T23:50:00+08:00');
let bed: NotifierBed;
let receivers: Receivers;
let baseUrl: string;

const robot = { kind: 'wecom', mentionAll: 'never' } as const;
const person = (id: string) => ({ type: 'person', id }) as const;
const channel = (id: string) => ({ type: 'channel', id }) as const;

beforeEach(async () => {
  bed = new NotifierBed(startMs);
  await bed.open();
  receivers = new Receivers({ nowMs: () => bed.clock.nowMs() });
  baseUrl = await receivers.start();
  await bed.channel(
    { id: 'hook', settings: { kind: 'webhook', url: `${baseUrl}/hook` }, coalesceS: 0, perMinute: 600 },
    credentials.webhook,
  );
  await bed.channel({ id: 'group', settings: { ...robot, baseUrl } }, credentials.wecom);
});
afterEach(async () => {
  expect(receivers.refused).toEqual([]);
  await bed.destroy();
  await receivers.stop();
});

const hooks = () =>
  receivers
    .of('/hook')
    .map(({ body }) =>
      (body.alarms as { alarm: string; event: string }[]).map(({ alarm, event }) => `${event} ${alarm}`),
    );
const group = () => receivers.of('/cgi-bin/').map(({ body }) => (body.text as { content: string }).content);

describe('a storm', () => {
  test('of a thousand alarms becomes a few messages, and the fire in it goes at once; the rate of the robot is kept', async () => {
    bed.facts.set('hq/z/fire#fire', fireFacts({ alarm: 'hq/z/fire#fire' }));
    await bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('group')] }] });
    await bed.start();
    for (let at = 0; at < 1000; at++) {
      await bed.raise(`hq/pump-${at}/x#H`, { priority: at % 100 === 0 ? 'critical' : 'medium' });
      if (at === 755) {
        await bed.raise('hq/z/fire#fire', { priority: 'critical' });
        await bed.settled();
        // Not a millisecond later.
        expect(group().at(-1)).toContain('火灾报警');
        expect(receivers.of('/cgi-bin/').at(-1)?.atMs).toBe(bed.clock.nowMs());
      }
      if (at % 10 === 0) await bed.pass(250);
    }
    // The fire's own ladder goes on after five minutes.
    await bed.pass(4 * minute, 1000);
    const deliveries = await bed.deliveries();
    expect(deliveries.every(({ state }) => state === 'sent')).toBe(true);
    // Nothing is left out: each alarm is in exactly one message.
    expect(deliveries.reduce((sum, { count }) => sum + count, 0)).toBe(1001);
    expect(deliveries.length).toBeLessThan(40);
    // The receiver itself refuses the 21st in a minute; afterEach sees that it refused none.
  }, 120_000);

  test('fires beyond the rate go as one message, none waits', async () => {
    await bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('group')] }] });
    await bed.start();
    const fires = Array.from({ length: 50 }, (_, at) => `hq/z-${at}/fire#fire`);
    for (const alarm of fires) bed.facts.set(alarm, fireFacts({ alarm, occurrence: `${alarm}@1` }));
    await bed.journal(
      ...fires.map(
        (alarm) =>
          ({ alarm, action: 'activated', stateBefore: 'NORM', stateAfter: 'UNACK', priority: 'critical' }) as const,
      ),
    );
    await bed.settled();
    const deliveries = await bed.deliveries();
    expect(deliveries.map(({ state, count }) => [state, count])).toEqual([['sent', 50]]);
  });
});

describe('what is not taken', () => {
  test('is tried after 30 s, 2 min and 10 min under the same id, then it is a dead letter that can be sent again', async () => {
    await bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
    await bed.start();
    const tries: { id: unknown; atMs: number }[] = [];
    receivers.answer = ({ body, atMs }) => {
      tries.push({ id: body.id, atMs: atMs - startMs });
      return { status: 503, body: {} };
    };
    await bed.raise('hq/a/x#H');
    await bed.settled();
    await bed.pass(20 * minute, 10_000);
    expect(tries.map(({ atMs }) => atMs)).toEqual([0, 30_000, 150_000, 750_000]);
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    expect(await bed.deliveries()).toMatchObject([
      { state: 'dead', attempts: 4, error: expect.stringContaining('503') },
    ]);
    expect(bed.notifier.sender.troubles.of('hook')).toMatchObject({ sinceMs: startMs });
  });

  test('goes to the next contact: what is urgent after the first failure, the rest when the channel is given up', async () => {
    await bed.person({
      id: 'an',
      contacts: [
        { channel: 'hook', address: '' },
        { channel: 'group', address: '13800000001' },
      ],
    });
    await bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [person('an')] }] });
    await bed.start();
    receivers.answer = ({ path }) => (path === '/hook' ? { status: 500, body: {} } : null);
    await bed.raise('hq/a/x#H', { priority: 'critical' });
    await bed.raise('hq/b/x#H', { priority: 'low' });
    await bed.settled();
    expect(group()).toHaveLength(1);
    expect(group()[0]).toContain('[Critical]');
    await bed.pass(14 * minute, 10_000);
    expect(group()).toHaveLength(2);
    expect(group()[1]).toContain('[Low]');
  });

  test('a disabled channel holds nothing back', async () => {
    await bed.channel({ id: 'hook', enabled: false, settings: { kind: 'webhook', url: `${baseUrl}/hook` } });
    await bed.person({ id: 'an', contacts: [{ channel: 'group', address: '13800000001' }] });
    await bed.policy({
      id: 'p',
      match: { priorities: ['critical'] },
      steps: [{ afterMinutes: 0, targets: [channel('hook'), person('an')] }],
    });
    await bed.start();
    await bed.raise('hq/a/x#H', { priority: 'critical' });
    await bed.settled();
    expect(group()).toHaveLength(1);
    expect(hooks()).toEqual([]);
  });
});

describe('a restart', () => {
  test('in the middle of sending sends again under the same id, so that a receiver has it once', async () => {
    await bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
    await bed.start();
    const ids: unknown[] = [];
    let reached = (): void => undefined;
    const reaching = new Promise<void>((resolve) => {
      reached = resolve;
    });
    // The receiver has the first one, but its answer never comes.
    receivers.answer = ({ body }) => {
      ids.push(body.id);
      reached();
      return ids.length === 1 ? new Promise(() => undefined) : null;
    };
    await bed.raise('hq/a/x#H');
    await reaching;
    await bed.stop();
    await bed.open();
    await bed.start();
    await bed.settled();
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect((await bed.deliveries()).map(({ state, attempts }) => [state, attempts])).toEqual([['sent', 2]]);
  });

  test('loses nothing that was journalled meanwhile and doubles nothing that was followed; ladders go on', async () => {
    await bed.policy({
      id: 'p',
      steps: [
        { afterMinutes: 0, targets: [channel('hook')] },
        { afterMinutes: 5, targets: [channel('hook')] },
      ],
    });
    await bed.start();
    await bed.raise('hq/a/x#H');
    await bed.settled();
    await bed.notifier.stop();
    await bed.raise('hq/b/x#H');
    bed.clock.advance(6 * minute);
    await bed.database.close();
    await bed.open();
    await bed.start();
    await bed.settled();
    expect(hooks().flat().toSorted()).toEqual(['announced hq/a/x#H', 'announced hq/a/x#H', 'announced hq/b/x#H']);
    await bed.pass(5 * minute);
    expect(
      hooks()
        .flat()
        .filter((each) => each.endsWith('hq/b/x#H')),
    ).toHaveLength(2);
  });

  test('remembers what a robot was sent in the last minute', async () => {
    await bed.channel({ id: 'group', settings: { ...robot, baseUrl }, coalesceS: 0, perMinute: 2 }, credentials.wecom);
    await bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('group')] }] });
    await bed.start();
    for (const alarm of ['hq/a/x#H', 'hq/b/x#H']) {
      bed.facts.set(alarm, fireFacts({ alarm }));
      await bed.raise(alarm);
      await bed.settled();
    }
    await bed.stop();
    await bed.open();
    await bed.start();
    bed.facts.set('hq/c/x#H', fireFacts({ alarm: 'hq/c/x#H' }));
    await bed.raise('hq/c/x#H');
    await bed.settled();
    expect(group()).toHaveLength(2);
    await bed.pass(minute, 1000);
    expect(group()).toHaveLength(3);
  });
});
