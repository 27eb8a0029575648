import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMemoryOutbox } from '../../outbox/memory-outbox.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { LineReceiver } from '../../test-helpers/line-receiver.ts';
import { LineUplink, lineUplinkName } from './line-uplink.ts';
import { LineWriter, type LineWriterOptions } from './line-writer.ts';

const table = pointTable('tower', [testDevice('drive', [testBinding('flow'), testBinding('head')])]);
const clock = new VirtualClock();
const t = clock.nowMs();
const readings = (count: number, from = 0): Reading[] =>
  Array.from({ length: count }, (_, i) => ({
    point: 'tower/pump-1/flow',
    value: from + i,
    quality: 'good',
    wireTimeMs: t + from + i,
  }));

let receiver: LineReceiver;
let outbox: Outbox;
let uplink: LineUplink;

const flowsIn = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => /flow=(\d+)/.exec(line)?.[1] ?? []).map(Number);
const stored = (): number[] => flowsIn(receiver.storedLines());

async function open(options: Partial<LineWriterOptions> = {}): Promise<void> {
  const writer = new LineWriter({ url: receiver.url, api: 'v2', timeoutMs: 20_000, clock, ...options });
  uplink = new LineUplink({ outbox, table, writer, clock, logger: silentLogger });
  await uplink.start();
}

/** Time moves only while the uplink waits for it; the requests take real time. */
async function until(condition: () => boolean, stepMs = 100): Promise<void> {
  await eventually(
    () => {
      clock.advance(stepMs);
      expect(condition()).toBe(true);
    },
    { everyMs: 2 },
  );
}
const drained = (): boolean => outbox.committed(lineUplinkName, 'live') === outbox.position('live');

beforeEach(async () => {
  outbox = openMemoryOutbox({ uplinks: [lineUplinkName], clock, logger: silentLogger });
  receiver = new LineReceiver();
  await receiver.listen();
});
afterEach(async () => {
  await uplink.stop();
  await receiver.close();
});

describe('line protocol uplink', () => {
  test('v2: path, token, gzip; the cursor moves when the receiver has answered 2xx', async () => {
    outbox.append('live', readings(200));
    await open({ token: 'secret', org: 'my org', bucket: 'room', gzip: true });
    await until(drained);
    expect(receiver.requests[0]?.url).toBe('/api/v2/write?org=my%20org&bucket=room&precision=ms');
    expect(receiver.requests[0]?.headers.authorization).toBe('Token secret');
    expect(receiver.requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(stored()).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(uplink.stats()).toMatchObject({ connected: true, sentReadings: 200, failures: 0, rejectedReadings: 0 });
  });

  test('503 with Retry-After: nothing is sent before that time, and nothing is lost', async () => {
    let busyAt: number | undefined;
    let nextAt: number | undefined;
    receiver.answer = () => {
      if (busyAt === undefined) {
        busyAt = clock.nowMs();
        return { status: 503, headers: { 'retry-after': '30' } };
      }
      nextAt ??= clock.nowMs();
      return { status: 204 };
    };
    outbox.append('live', readings(5));
    await open();
    await until(drained);
    expect(nextAt! - busyAt!).toBeGreaterThanOrEqual(30_000);
    expect(stored()).toEqual([0, 1, 2, 3, 4]);
    expect(uplink.stats()).toMatchObject({ failures: 1, rejectedReadings: 0 });
  });

  test('a connection that is reset is tried again', async () => {
    receiver.answer = () => (receiver.requests.length < 4 ? 'reset' : { status: 204 });
    outbox.append('live', readings(5));
    await open();
    await until(drained);
    expect(stored()).toEqual([0, 1, 2, 3, 4]);
    expect(uplink.stats().failures).toBe(3);
  });

  test('one bad line among many is found, counted and left out; the others are stored', async () => {
    receiver.answer = ({ lines }) =>
      lines.some((line) => line.includes('flow=137 '))
        ? { status: 400, body: { error: 'something is wrong with it' } }
        : { status: 204 };
    outbox.append('live', readings(300));
    await open();
    await until(drained);
    expect(stored()).toEqual(Array.from({ length: 300 }, (_, i) => i).filter((i) => i !== 137));
    expect(uplink.stats()).toMatchObject({ rejectedReadings: 1, sentReadings: 299, failures: 0 });
  });

  test('a network failure in the midst of the search loses nothing', async () => {
    receiver.answer = ({ lines }) => {
      if (receiver.requests.length === 4) return 'reset';
      return lines.some((line) => line.includes('flow=3 ')) ? { status: 400, body: { error: 'no' } } : { status: 204 };
    };
    outbox.append('live', readings(20));
    await open();
    await until(drained);
    expect([...new Set(stored())].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i).filter((i) => i !== 3),
    );
  });

  test('a wrong token costs no reading: they wait until it is right', async () => {
    receiver.answer = () => (receiver.requests.length < 3 ? { status: 401 } : { status: 204 });
    outbox.append('live', readings(5));
    await open();
    await until(() => uplink.stats().failures === 1);
    expect(uplink.stats()).toMatchObject({ connected: false, rejectedReadings: 0 });
    expect(uplink.stats().lastError).toMatch(/401/);
    await until(drained);
    expect(stored()).toEqual([0, 1, 2, 3, 4]);
  });

  test('safety readings go ahead of telemetry that waits', async () => {
    outbox.append('live', readings(5));
    outbox.append('safety', [{ point: 'tower/pump-1/head', value: 1, quality: 'good', wireTimeMs: t }]);
    await open();
    await until(drained);
    expect(receiver.requests[0]?.lines[0]).toContain('head=1');
    expect(receiver.requests[1]?.lines[0]).toContain('flow=0');
  });
});
