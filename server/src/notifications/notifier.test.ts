import { describe, expect, test } from 'vitest';
import { fireFacts } from './test-helpers/messages.ts';
import { NotifierBed } from './test-helpers/notifier-bed.ts';
import { credentials } from './test-helpers/receivers.ts';
import { channel, person, ReceivingBed, robot } from './test-helpers/receiving-bed.ts';

const minute = 60_000;
/** A Monday, 23:50 in Shanghai. */
const startMs = Date.parse('2026-11-23T23:50:00+08:00');
const wired = new ReceivingBed(startMs);

describe('ladder', () => {
  test('goes on until somebody acknowledges', async () => {
    await wired.bed.policy({
      id: 'p',
      steps: [0, 5, 10].map((afterMinutes) => ({ afterMinutes, targets: [channel('hook')] })),
    });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.settled();
    expect(wired.hooks()).toHaveLength(1);
    await wired.bed.pass(5 * minute - 1);
    expect(wired.hooks()).toHaveLength(1);
    await wired.bed.pass(1);
    expect(wired.hooks()).toHaveLength(2);
    await wired.bed.acknowledge('hq/a/x#H');
    await wired.bed.pass(60 * minute, minute);
    expect(wired.hooks()).toHaveLength(2);
  });

  test('asks the roster at the time of each step: over midnight the next shift is called', async () => {
    const every = [1, 2, 3, 4, 5, 6, 7];
    for (const id of ['an', 'bo'])
      await wired.bed.person({
        id,
        contacts: [{ channel: 'group', address: id === 'an' ? '13800000001' : '13800000002' }],
      });
    await wired.bed.roster({
      id: 'duty',
      name: 'Duty',
      timeZone: 'Asia/Shanghai',
      shifts: [
        { id: 'late', name: 'Late', weekdays: every, from: '16:00', to: '00:00', people: ['an'] },
        { id: 'night', name: 'Night', weekdays: every, from: '00:00', to: '08:00', people: ['bo'] },
      ],
      overrides: [],
    });
    await wired.bed.policy({
      id: 'p',
      match: { priorities: ['critical'] },
      steps: [0, 9, 10].map((afterMinutes) => ({ afterMinutes, targets: [{ type: 'roster', id: 'duty' } as const] })),
    });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H', { priority: 'critical' });
    await wired.bed.settled();
    await wired.bed.pass(10 * minute, minute);
    const called = wired.receivers
      .of('/cgi-bin/')
      .map(({ body }) => (body.text as { mentioned_mobile_list: string[] }).mentioned_mobile_list);
    expect(called).toEqual([['13800000001'], ['13800000001'], ['13800000002']]);
  });

  test('asks the roster over the end of summer time: the hour that comes twice belongs to the shift that has it', async () => {
    await wired.bed.destroy();
    // Sunday, 25 October 2026, 02:30 in Berlin for the first time; the clock goes back at 01:00 UTC.
    wired.bed = new NotifierBed(Date.parse('2026-10-25T00:30:00Z'));
    await wired.bed.open();
    await wired.bed.channel({ id: 'group', settings: { ...robot, baseUrl: wired.baseUrl } }, credentials.wecom);
    for (const [id, address] of [
      ['an', '13800000001'],
      ['bo', '13800000002'],
    ] as const)
      await wired.bed.person({ id, contacts: [{ channel: 'group', address }] });
    const every = [1, 2, 3, 4, 5, 6, 7];
    await wired.bed.roster({
      id: 'duty',
      name: 'Duty',
      timeZone: 'Europe/Berlin',
      shifts: [
        { id: 'late', name: 'Late', weekdays: every, from: '20:00', to: '03:00', people: ['an'] },
        { id: 'early', name: 'Early', weekdays: every, from: '03:00', to: '12:00', people: ['bo'] },
      ],
      overrides: [],
    });
    const steps = [0, 60, 89, 90].map((afterMinutes) => ({
      afterMinutes,
      targets: [{ type: 'roster', id: 'duty' } as const],
    }));
    await wired.bed.policy({ id: 'p', steps });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H', { priority: 'critical' });
    await wired.bed.settled();
    await wired.bed.pass(91 * minute, minute);
    const called = wired.receivers
      .of('/cgi-bin/')
      .map(({ body, atMs }) => [
        new Date(atMs).toISOString().slice(11, 16),
        (body.text as { mentioned_mobile_list: string[] }).mentioned_mobile_list[0],
      ]);
    // 03:00 is two hours after 02:00 that night: at 02:00 UTC.
    expect(called).toEqual([
      ['00:30', '13800000001'],
      ['01:30', '13800000001'],
      ['01:59', '13800000001'],
      ['02:00', '13800000002'],
    ]);
  });

  test('a re-alarm calls again; a return tells those who were told', async () => {
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }], tellReturned: true });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.settled();
    await wired.bed.acknowledge('hq/a/x#H');
    await wired.bed.journal({ alarm: 'hq/a/x#H', action: 'reactivated', stateBefore: 'ACKED', stateAfter: 'UNACK' });
    await wired.bed.settled();
    expect(wired.hooks()).toEqual([['announced hq/a/x#H'], ['announced hq/a/x#H']]);
    await wired.bed.giveBack('hq/a/x#H');
    await wired.bed.settled();
    expect(wired.hooks()[2]).toEqual(['returned hq/a/x#H']);
  });

  test('what was never answered, returned, and comes back days later is told anew, over a restart too', async () => {
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.settled();
    await wired.bed.giveBack('hq/a/x#H');
    const back = { alarm: 'hq/a/x#H', action: 'reactivated', stateBefore: 'RTNUN', stateAfter: 'UNACK' } as const;
    // It flaps for half an hour: the same trouble.
    for (let times = 0; times < 12; times++) {
      await wired.bed.pass(2 * minute);
      await wired.bed.journal(back);
      await wired.bed.settled();
      await wired.bed.pass(minute);
      await wired.bed.giveBack('hq/a/x#H');
    }
    await wired.bed.settled();
    expect(wired.hooks()).toHaveLength(1);
    await wired.bed.pass(2 * 24 * 60 * minute);
    await wired.bed.stop();
    await wired.bed.open();
    await wired.bed.start();
    await wired.bed.journal(back);
    await wired.bed.settled();
    expect(wired.hooks()).toHaveLength(2);
  });

  test('an alarm about life goes on after the last step, through a return too; another one stops as its policy says', async () => {
    wired.bed.facts.set('hq/z/fire#fire', fireFacts({ alarm: 'hq/z/fire#fire' }));
    await wired.bed.policy({
      id: 'p',
      steps: [
        { afterMinutes: 0, targets: [channel('hook')] },
        { afterMinutes: 3, targets: [channel('hook')] },
      ],
      stopOnReturn: true,
    });
    await wired.bed.start();
    await wired.bed.raise('hq/a/x#H');
    await wired.bed.raise('hq/z/fire#fire', { priority: 'critical', occurrence: fireFacts().occurrence });
    await wired.bed.settled();
    await wired.bed.giveBack('hq/a/x#H');
    await wired.bed.journal({
      alarm: 'hq/z/fire#fire',
      action: 'returned',
      stateBefore: 'UNACK',
      stateAfter: 'RTNUN',
      occurrence: fireFacts().occurrence,
    });
    await wired.bed.pass(13 * minute, minute);
    const fires = wired.hooks().filter((alarms) => alarms.includes('announced hq/z/fire#fire'));
    // At 0, 3, 8 and 13 minutes.
    expect(fires).toHaveLength(4);
    expect(wired.hooks().filter((alarms) => alarms.includes('announced hq/a/x#H'))).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' };

  test('keep what is not urgent and tell it at their end as one summary; what is urgent goes at once', async () => {
    await wired.bed.person({ id: 'an', contacts: [{ channel: 'group', address: '13800000001' }], quiet });
    await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [person('an')] }] });
    await wired.bed.start();
    for (const alarm of ['hq/a/x#H', 'hq/b/x#H', 'hq/c/x#H']) await wired.bed.raise(alarm, { priority: 'medium' });
    await wired.bed.raise('hq/d/x#H', { priority: 'critical' });
    await wired.bed.pass(3 * 60 * minute, 30 * minute);
    expect(wired.group()).toHaveLength(1);
    expect(wired.group()[0]).toContain('[Critical]');
    await wired.bed.pass(5 * 60 * minute, 30 * minute);
    expect(wired.group()).toHaveLength(2);
    expect(wired.group()[1]).toMatch(/^Summary of quiet hours: 3 alarms in Tower B\n/);
  });
});

test('a fresh installation tells nobody, and nothing is kept for later', async () => {
  await wired.bed.start();
  await wired.bed.raise('hq/a/x#H');
  await wired.bed.settled();
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  await wired.bed.pass(minute, 1000);
  expect(wired.hooks()).toEqual([]);
});

test('late news about life is told once, and nobody is asked to answer', async () => {
  wired.bed.facts.set('hq/z/fire#fire', fireFacts({ alarm: 'hq/z/fire#fire' }));
  await wired.bed.policy({
    id: 'p',
    steps: [0, 1].map((afterMinutes) => ({ afterMinutes, targets: [channel('hook')] })),
  });
  await wired.bed.start();
  await wired.bed.journal({
    alarm: 'hq/z/fire#fire',
    action: 'activated',
    stateBefore: 'NORM',
    stateAfter: 'NORM',
    historical: true,
  });
  await wired.bed.journal({
    alarm: 'hq/a/x#H',
    action: 'activated',
    stateBefore: 'NORM',
    stateAfter: 'NORM',
    historical: true,
  });
  await wired.bed.pass(30 * minute, minute);
  expect(wired.hooks()).toEqual([['announced hq/z/fire#fire']]);
});
