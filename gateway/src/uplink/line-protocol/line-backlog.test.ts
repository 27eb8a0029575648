import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMemoryOutbox } from '../../outbox/memory-outbox.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { LineReceiver } from '../../test-helpers/line-receiver.ts';
import { LineUplink, lineUplinkName } from './line-uplink.ts';
import { LineWriter } from './line-writer.ts';

const table = pointTable('tower', [
  testDevice('drive', [testBinding('flow'), testBinding('alarm', { lane: 'safety' })]),
]);
const count = 60_000;
let clock: VirtualClock;
let receiver: LineReceiver;
let outbox: Outbox;
let uplink: LineUplink;
/** Number of the next reading; its value and, ten to a second, its time. */
let next: number;
let startMs: number;

const reading = (i: number, more: Partial<Reading> = {}): Reading => ({
  point: 'tower/pump-1/flow',
  value: i,
  quality: 'good',
  wireTimeMs: startMs + i * 100,
  ...more,
});
/** Time passes and readings with it. */
function produce(readings: number): void {
  for (const end = next + readings; next < end; ) {
    const part = Array.from({ length: Math.min(1000, end - next) }, (_, i) => reading(next + i));
    outbox.append('live', part);
    next += part.length;
  }
  clock.advance(Math.max(0, startMs + next * 100 - clock.nowMs()));
}
const flows = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => /flow=(\d+)/.exec(line)?.[1] ?? []).map(Number);
const requested = (): number[][] =>
  receiver.requests.map(({ lines }) => flows(lines)).filter((values) => values.length > 0);
const committed = (): number => outbox.committed(lineUplinkName, 'live');

async function start(): Promise<void> {
  const writer = new LineWriter({ url: receiver.url, api: 'v2', timeoutMs: 20_000, clock });
  uplink = new LineUplink({ outbox, table, writer, clock, logger: silentLogger });
  await uplink.start();
}
const until = (condition: () => boolean, eachTime: () => void = () => clock.advance(100)): Promise<void> =>
  eventually(
    () => {
      eachTime();
      expect(condition()).toBe(true);
    },
    { everyMs: 2 },
  );

beforeEach(async () => {
  clock = new VirtualClock();
  startMs = clock.nowMs();
  next = 0;
  outbox = openMemoryOutbox({ uplinks: [lineUplinkName], clock, logger: silentLogger });
  receiver = new LineReceiver();
  await receiver.listen();
});
afterEach(async () => {
  await uplink.stop();
  await receiver.close();
});

describe('after an outage', () => {
  test('the newest readings go out first, the backlog follows beside what is new, and each is stored once', async () => {
    produce(count);
    await start();
    receiver.answer = ({ lines }) => {
      const [value] = flows(lines);
      if (value! < count - 10_000) {
        // Nothing of what went ahead is committed while the backlog before it is not stored.
        expect(committed()).toBe(value);
        produce(20);
      }
      return { status: 204 };
    };
    await until(() => committed() === outbox.position('live'));
    const [first] = requested();
    expect(first![0]).toBe(count - 10_000);
    const live = requested().findIndex((values) => values[0]! >= count);
    const lastOfBacklog = requested().findLastIndex((values) => values[0]! < count - 10_000);
    expect(live).toBeGreaterThan(0);
    expect(live).toBeLessThan(lastOfBacklog);
    const values = flows(receiver.storedLines());
    expect(values).toHaveLength(next);
    expect([...values].sort((a, b) => a - b)).toEqual(Array.from({ length: next }, (_, i) => i));
    expect(uplink.stats()).toMatchObject({ sentReadings: next, aheadReadings: 0, failures: 0 });
  });

  test('live data waits no longer than it is gathered, however long the backlog is', async () => {
    produce(200_000);
    const waitedMs: number[] = [];
    receiver.answer = ({ lines }) => {
      const values = flows(lines);
      for (const value of values) if (value >= 200_000) waitedMs.push(clock.nowMs() - reading(value).wireTimeMs);
      // A request with backlog takes 300 ms.
      if (values[0]! < 190_000) produce(3);
      return { status: 204 };
    };
    await start();
    const backlogIsOut = (): boolean => committed() >= 190_000;
    await until(backlogIsOut, () => undefined);
    expect(waitedMs.length).toBeGreaterThan(40);
    expect(Math.max(...waitedMs)).toBeLessThanOrEqual(1000 + 300);
  });

  test('safety readings go ahead of both', async () => {
    produce(count);
    await start();
    receiver.answer = () => {
      if (receiver.requests.length === 3)
        outbox.append('safety', [reading(next, { point: 'tower/pump-1/alarm', value: 1 })]);
      return { status: 204 };
    };
    await until(() => committed() === outbox.position('live'));
    expect(receiver.requests.findIndex(({ lines }) => lines[0]!.includes('alarm=1'))).toBe(3);
  });

  test('a restart in the midst of it sends again what had gone ahead, and loses nothing', async () => {
    produce(count);
    await start();
    receiver.answer = () => (receiver.requests.length < 4 ? { status: 204 } : 'reset');
    await until(() => uplink.stats().failures > 0);
    expect(committed()).toBeLessThan(count - 10_000);
    expect(uplink.stats().aheadReadings).toBe(10_000);
    await uplink.stop();
    receiver.answer = () => ({ status: 204 });
    await start();
    await until(() => committed() === outbox.position('live'));
    expect(new Set(flows(receiver.storedLines())).size).toBe(count);
  });

  test('the receiver goes away again while the backlog drains: both gaps are filled, nothing is stored twice', async () => {
    produce(count);
    await start();
    receiver.answer = () => (receiver.requests.length < 3 ? { status: 204 } : { status: 503 });
    await until(() => uplink.stats().failures > 0);
    produce(30_000);
    receiver.answer = () => ({ status: 204 });
    await until(() => committed() === outbox.position('live'));
    const values = flows(receiver.storedLines());
    expect(values).toHaveLength(next);
    expect(new Set(values).size).toBe(next);
    // The newest came before the older gap was filled.
    expect(values.indexOf(next - 1)).toBeLessThan(values.indexOf(count - 10_001));
  });

  test('changes of quality are written for each stretch as time passes in it, whatever the other has written', async () => {
    outbox.append('live', [reading(next++, { quality: 'bad', reason: 'comm-lost', value: null })]);
    produce(count);
    await start();
    await until(() => committed() === outbox.position('live'));
    const qualities = receiver
      .storedLines()
      .filter((line) => line.startsWith('point_quality'))
      .map((line) => line.split(' ').slice(1).join(' '))
      .sort((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]));
    expect(qualities).toEqual([
      `code=0,reason="comm-lost" ${startMs}`,
      `code=192 ${startMs + 100}`,
      // Said once more where live data went on: nothing had been written there yet.
      `code=192 ${startMs + (count + 1 - 10_000) * 100}`,
    ]);
  });

  test('readings that were thinned out of the outbox meanwhile leave no gap that is waited for', async () => {
    outbox.close();
    const small = { uplinks: [lineUplinkName], clock, logger: silentLogger, maxBytes: 100_000 };
    outbox = openMemoryOutbox(small);
    produce(count);
    expect(outbox.stats().dropped.live).toBeGreaterThan(0);
    await start();
    await until(() => committed() === outbox.position('live'));
    expect(flows(receiver.storedLines())).toContain(count - 1);
  });
});

describe('a receiver that is slow', () => {
  test('a large gateway that keeps up sends in order: many readings are no backlog', async () => {
    await start();
    await until(() => true);
    outbox.append(
      'live',
      Array.from({ length: count }, (_, i) => reading(i, { wireTimeMs: clock.nowMs() + i })),
    );
    await until(() => committed() === count);
    const values = flows(receiver.storedLines());
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  test('no answer in time makes the next requests smaller, and stored ones make them larger again', async () => {
    outbox.append(
      'live',
      Array.from({ length: count }, (_, i) => reading(i, { wireTimeMs: startMs + i })),
    );
    receiver.answer = ({ lines }) => (lines.length > 3000 && receiver.requests.length < 3 ? 'reset' : { status: 204 });
    await start();
    await until(() => committed() === count);
    const sizes = requested().map((values) => values.length);
    expect(sizes.slice(0, 5)).toEqual([10_000, 5000, 2500, 5000, 10_000]);
    expect(uplink.stats().failures).toBe(2);
  });
});
