import { expect, test } from 'vitest';
import { fireFacts } from './test-helpers/messages.ts';
import { credentials } from './test-helpers/receivers.ts';
import { channel, ReceivingBed } from './test-helpers/receiving-bed.ts';

const minute = 60_000;
const startMs = Date.parse('2026-11-23T23:50:00+08:00');
const wired = new ReceivingBed(startMs);
const fire = 'hq/z/fire#fire';

/** A fire that has to be out before anything else happens. */
async function fireGoesAtOnce(): Promise<void> {
  wired.bed.facts.set(fire, fireFacts({ alarm: fire, occurrence: `${fire}@1` }));
  await wired.bed.raise(fire, { priority: 'critical' });
  await wired.bed.settled();
  expect(wired.hooks().flat()).toContain(`announced ${fire}`);
}

test('a fire does not wait for the messages that the channel will try again', async () => {
  const settings = { kind: 'webhook', url: `${wired.baseUrl}/hook` } as const;
  await wired.bed.channel({ id: 'hook', settings, coalesceS: 0, perMinute: 3 }, credentials.webhook);
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  await wired.bed.start();
  wired.receivers.answer = () => ({ status: 503, body: {} });
  await wired.bed.raise('hq/pump-1/x#H');
  await wired.bed.pass(200_000, 10_000);
  await wired.bed.raise('hq/pump-2/x#H', { priority: 'critical' });
  await wired.bed.settled();
  expect((await wired.bed.deliveries()).map(({ state }) => state)).toEqual(['retrying', 'retrying']);
  // The channel is well again; one message went within the minute, and the two are tried later.
  wired.receivers.answer = () => null;
  await fireGoesAtOnce();
});

test('a clock that is set back holds back neither messages nor the steps that are due', async () => {
  const settings = { kind: 'webhook', url: `${wired.baseUrl}/hook` } as const;
  await wired.bed.channel({ id: 'hook', settings, coalesceS: 0, perMinute: 2 }, credentials.webhook);
  await wired.bed.policy({
    id: 'p',
    match: { lifeSafety: true },
    steps: [
      { afterMinutes: 0, targets: [channel('hook')] },
      { afterMinutes: 5, targets: [channel('hook')] },
    ],
  });
  await wired.bed.start();
  for (const alarm of ['hq/a/fire#fire', 'hq/b/fire#fire']) {
    wired.bed.facts.set(alarm, fireFacts({ alarm, occurrence: `${alarm}@1` }));
    await wired.bed.raise(alarm, { priority: 'critical' });
    await wired.bed.settled();
  }
  expect(wired.hooks()).toHaveLength(2);
  wired.bed.clock.step(-60 * minute);
  // What went within the last minute still counts, and nothing more than that.
  await wired.bed.pass(minute);
  await fireGoesAtOnce();
  await wired.bed.pass(5 * minute, minute);
  expect(
    wired
      .hooks()
      .flat()
      .filter((each) => each === 'announced hq/a/fire#fire'),
  ).toHaveLength(2);
});

test('a message that failed before the clock was set back is tried again in its time', async () => {
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  await wired.bed.start();
  wired.receivers.answer = () => ({ status: 503, body: {} });
  await wired.bed.raise('hq/a/x#H');
  await wired.bed.settled();
  wired.receivers.answer = () => null;
  wired.bed.clock.step(-60 * minute);
  await wired.bed.pass(minute, 1_000);
  expect(wired.hooks()).toEqual([['announced hq/a/x#H']]);
});

test('a clock that was set back while the server was away holds back as little', async () => {
  const settings = { kind: 'webhook', url: `${wired.baseUrl}/hook` } as const;
  await wired.bed.channel({ id: 'hook', settings, coalesceS: 0, perMinute: 1 }, credentials.webhook);
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
  await wired.bed.stop();
  wired.bed.clock.step(-60 * minute);
  await wired.bed.open();
  await wired.bed.start();
  await wired.bed.pass(minute);
  await fireGoesAtOnce();
  await wired.bed.pass(4 * minute, 10_000);
  expect(wired.hooks().flat()).toContain('announced hq/a/x#H');
  expect(
    wired
      .hooks()
      .flat()
      .filter((each) => each === 'announced hq/a/x#H'),
  ).toHaveLength(2);
});

test('the steps of a ladder are taken while the journal is still being followed', async () => {
  await wired.bed.policy({
    id: 'p',
    match: { lifeSafety: true },
    steps: [
      { afterMinutes: 0, targets: [channel('hook')] },
      { afterMinutes: 5, targets: [channel('hook')] },
    ],
  });
  await wired.bed.start();
  await fireGoesAtOnce();
  wired.bed.clock.advance(5 * minute);
  // Each message is followed by more of the journal than it takes to read: the end of it never comes.
  let more = 0;
  wired.receivers.answer = () => null;
  const line = (at: number) =>
    ({ alarm: `hq/pump-${at}/x#H`, action: 'activated', stateBefore: 'NORM', stateAfter: 'UNACK' }) as const;
  const follow = wired.bed.notifier.calls.follow.bind(wired.bed.notifier.calls);
  wired.bed.notifier.calls.follow = async () => {
    if (more++ < 50) await wired.bed.journal(line(more));
    else expect(wired.hooks().flat()).toHaveLength(2);
    return follow();
  };
  wired.bed.notifier.wake();
  await wired.bed.settled();
  expect(wired.hooks().flat()).toHaveLength(2);
});
