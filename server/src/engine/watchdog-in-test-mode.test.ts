import { describe, expect, test } from 'vitest';
import { actOnTest, askForTest } from './test-acts.ts';
import { panel, signals, WatchBed } from './test-helpers/watch-bed.ts';

const bed = new WatchBed();
const { say, gone, pass, watched, alarm } = bed;

describe('in test mode', () => {
  const testing = async (equipment: string[]): Promise<void> => {
    const asked = { equipment, reason: 'loop test', workOrder: 'W-1', untilMs: bed.clock.nowMs() + 3_600_000 };
    await bed.engine.command((context) =>
      askForTest(bed.engine, context, { asked, site: 'hq', user: 'li', act: null }),
    );
    const before = bed.engine.tests.open()[0]!;
    await bed.engine.command((context) =>
      actOnTest(bed.engine, context, { before, act: { type: 'approve' }, user: 'wang' }),
    );
    await pass(1);
  };
  const end = (): Promise<unknown> => {
    const act = { type: 'end' as const, comment: 'done' };
    return bed.engine.command((context) =>
      actOnTest(bed.engine, context, { before: bed.engine.tests.open()[0]!, act, user: 'li' }),
    );
  };

  test('a device of which everything is in test is a test, and what still stands at the end is announced', async () => {
    await watched();
    await testing(['hq/zone-1', 'hq/zone-2']);
    gone('panel');
    await pass(30);
    expect(bed.announced).toEqual([]);
    expect(alarm(panel)).toMatchObject({ state: 'UNACK', testMode: expect.any(String) as string });
    await end();
    await pass(1);
    expect(bed.announced).toEqual([panel]);
  });

  test('one of which a part is live is real', async () => {
    await watched();
    await testing(['hq/zone-1']);
    gone('panel');
    await pass(30);
    expect(bed.announced).toEqual([panel]);
  });

  test('signals under test do not count until the test is over; others do', async () => {
    await watched();
    await testing(['hq/zone-1']);
    say('bad', ['zone-1']);
    await pass(200);
    expect(bed.announced).toEqual([]);
    say('bad', ['zone-2']);
    await pass(62);
    expect(bed.announced).toEqual([signals]);
    expect(alarm(signals)?.onsetValue).toBe('zone-2/fire');
  });
});
