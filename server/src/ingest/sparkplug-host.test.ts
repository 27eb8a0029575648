import { type Logger, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Broker, startBroker } from '../broker/start-broker.ts';
import type { SparkplugHost } from './ingest-options.ts';
import { createSparkplugHost } from './sparkplug-host.ts';
import { EdgeNode } from './test-helpers/edge-node.ts';
import { RecordingSink } from './test-helpers/recording-sink.ts';
import type { UMetric } from './test-helpers/sparkplug-b.ts';

const t = Date.UTC(2026, 0, 20, 8);
const flow = (value: number, timestamp: number, more: Partial<UMetric> = {}): UMetric => ({
  alias: 1,
  type: 'Double',
  value,
  timestamp,
  ...more,
});
const flowBirth = (value: number, timestamp: number): UMetric => ({
  ...flow(value, timestamp),
  name: 'pump-1/flow',
  properties: {
    Quality: { type: 'Int32', value: 192 },
    unit: { type: 'String', value: 'm3_h' },
    class: { type: 'String', value: 'pump' },
    profile: { type: 'String', value: 'acme/p1' },
    silenceMs: { type: 'UInt64', value: 15_000 },
    lane: { type: 'String', value: 'live' },
  },
});

describe('Sparkplug host on a real broker', () => {
  let broker: Broker;
  let host: SparkplugHost;
  let sink: RecordingSink;
  let clock: VirtualClock;
  let node: EdgeNode;
  let url: string;
  const logger = { ...silentLogger, error: vi.fn<Logger['error']>() };

  const start = async (knownGateways: string[] = []) => {
    host = createSparkplugHost({ url, hostId: 'plantroom', clock, logger, sink, knownGateways });
    await host.start();
    await node.until(() => node.states.some((state) => state.includes('"online":true')));
  };
  const born = async () => {
    await node.nodeBirth();
    await node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
    await sink.saw('live hq/pump-1/flow 5');
  };

  beforeEach(async () => {
    logger.error.mockClear();
    broker = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
    url = `mqtt://127.0.0.1:${broker.port}`;
    clock = new VirtualClock(t);
    sink = new RecordingSink();
    node = new EdgeNode(url, { group: 'hq', node: 'edge-1', hostId: 'plantroom' });
    await node.connect(7);
  });
  afterEach(async () => {
    await host.stop();
    await node.stop();
    await broker.stop();
  });

  test('STATE is online and retained while it runs, offline after a clean stop, with timestamps that do not go back', async () => {
    await start();
    clock.advance(5_000);
    await host.stop();
    await node.until(() => node.states.length === 2);
    expect(node.states.map((s) => JSON.parse(s))).toEqual([
      { online: true, timestamp: t },
      { online: false, timestamp: t + 5_000 },
    ]);
    const late = await connectAsync(url);
    const seen = new Promise<string>((resolve) => late.once('message', (_, payload) => resolve(payload.toString())));
    await late.subscribeAsync('spBv1.0/STATE/plantroom');
    expect(JSON.parse(await seen)).toEqual({ online: false, timestamp: t + 5_000 });
    await late.endAsync();
  });

  test('its own STATE offline, seen while connected, is answered with online and the same timestamp', async () => {
    await start();
    await node.raw('spBv1.0/STATE/plantroom', Buffer.from(`{"online":false,"timestamp":${t}}`));
    await node.until(() => node.states.length >= 3);
    expect(JSON.parse(node.states[2]!)).toEqual({ online: true, timestamp: t });
  });

  test('the Will of each connection carries the timestamp of that connection’s birth', async () => {
    await start();
    clock.advance(1_000);
    await broker.stop();
    broker = await startBroker({ host: '127.0.0.1', port: broker.port, logger: silentLogger });
    node = new EdgeNode(url, { group: 'hq', node: 'edge-1', hostId: 'plantroom' });
    await node.connect(8);
    await node.until(() => node.states.some((state) => state.includes('true')));
    expect(JSON.parse(node.states[0]!)).toEqual({ online: true, timestamp: t + 1_000 });
    // A second client of the same id is what makes the broker cut the host off as a crash would.
    expect(host.stats().connected).toBe(true);
  });

  test('a birth tells class, profile, unit, lane and silence of each point, and its value is a reading', async () => {
    await start();
    await born();
    expect(sink.born.get('hq/pump-1/flow')).toEqual({
      point: 'hq/pump-1/flow',
      class: 'pump',
      profile: 'acme/p1',
      unit: 'm3_h',
      lane: 'live',
      silenceMs: 15_000,
    });
    expect(sink.story).toEqual([
      'online hq/edge-1',
      'device online hq/edge-1 drive-1 1',
      `live hq/pump-1/flow 5 good @${t}`,
    ]);
  });

  test('a birth tells which points the gateway computes itself', async () => {
    await start();
    await node.nodeBirth();
    const birth = flowBirth(5, t);
    await node.publish('DBIRTH', 'drive-1', [
      { ...birth, properties: { ...birth.properties, derived: { type: 'Boolean', value: true } } },
    ]);
    await sink.saw('live hq/pump-1/flow 5');
    expect(sink.born.get('hq/pump-1/flow')).toMatchObject({ derived: true });
  });

  test('data go by alias, with quality and reason, and the same message twice gives nothing twice', async () => {
    await start();
    await born();
    const bad = {
      properties: { Quality: { type: 'Int32', value: 0 }, Reason: { type: 'String', value: 'out-of-range' } },
    } as const;
    await node.publish('DDATA', 'drive-1', [flow(6, t + 1_000), flow(7, t + 2_000, bad)]);
    await node.publish('DDATA', 'drive-1', [flow(6, t + 1_000), flow(7, t + 2_000, bad)]);
    await node.publish('DDATA', 'drive-1', [flow(8, t + 3_000)]);
    await sink.saw('flow 8');
    expect(sink.story.slice(2)).toEqual([
      `live hq/pump-1/flow 5 good @${t}`,
      `live hq/pump-1/flow 6 good @${t + 1_000}`,
      `live hq/pump-1/flow 7 bad out-of-range @${t + 2_000}`,
      `live hq/pump-1/flow 8 good @${t + 3_000}`,
    ]);
    expect(host.stats()).toMatchObject({ readings: 4, duplicates: 2 });
  });

  test('historical data are told as late, and what was late already is dropped', async () => {
    await start();
    await born();
    const old = flow(3, t - 60_000, { isHistorical: true });
    await node.publish('DDATA', 'drive-1', [old, flow(6, t + 1_000)]);
    await node.publish('DDATA', 'drive-1', [old, flow(7, t + 2_000)]);
    await sink.saw('flow 7');
    expect(sink.story.slice(3)).toEqual([
      `late hq/pump-1/flow 3 good @${t - 60_000}`,
      `live hq/pump-1/flow 6 good @${t + 1_000}`,
      `live hq/pump-1/flow 7 good @${t + 2_000}`,
    ]);
  });

  test('messages that overtake one another are put back into order', async () => {
    await start();
    await born();
    const [first, second] = [node.nextSeq(), node.nextSeq()];
    const message = (value: number, at: number) => ({ type: 'DDATA', device: 'drive-1', metrics: [flow(value, at)] });
    await node.publishWithSeq(second, message(7, t + 2_000));
    await node.publishWithSeq(first, message(6, t + 1_000));
    await sink.saw('flow 7');
    expect(sink.story.slice(3)).toEqual([
      `live hq/pump-1/flow 6 good @${t + 1_000}`,
      `live hq/pump-1/flow 7 good @${t + 2_000}`,
    ]);
    expect(host.stats()).toMatchObject({ sequenceGaps: 0, rebirthsRequested: 0 });
  });

  test('a message that stays away is a gap: what waited is taken, and the births are asked for once', async () => {
    await start();
    await born();
    node.nextSeq();
    await node.publish('DDATA', 'drive-1', [flow(7, t + 2_000)]);
    await eventually(() => expect(host.stats().messages).toBe(3));
    expect(sink.lines.some((line) => line.includes('flow 7'))).toBe(false);
    clock.advance(1_000);
    await sink.saw('flow 7');
    await node.until(() => node.commands.length > 0);
    expect(node.commands).toEqual(['Node Control/Rebirth']);
    expect(host.stats()).toMatchObject({ sequenceGaps: 1, rebirthsRequested: 1 });
  });

  test('the sequence wraps from 255 to 0', async () => {
    await start();
    await born();
    for (let i = 1; i <= 300; i++) await node.publish('DDATA', 'drive-1', [flow(i, t + i)]);
    await sink.saw('flow 300');
    expect(host.stats()).toMatchObject({ readings: 301, sequenceGaps: 0 });
  });

  test('data of a node whose birth was not seen ask for it, not more than once in 5 s', async () => {
    await start();
    await node.publish('DDATA', 'drive-1', [flow(1, t)]);
    await node.publish('DDATA', 'drive-1', [flow(2, t + 1)]);
    await node.until(() => node.commands.length > 0);
    await eventually(() => expect(host.stats().messages).toBe(2));
    expect(host.stats().rebirthsRequested).toBe(1);
    clock.advance(5_000);
    await node.publish('DDATA', 'drive-1', [flow(2, t + 2)]);
    await node.until(() => node.commands.length === 2);
    expect(sink.story).toEqual([]);
    await born();
  });

  test('an alias that no birth has told asks for rebirth, and the rest of the message counts', async () => {
    await start();
    await born();
    await node.publish('DDATA', 'drive-1', [{ ...flow(1, t + 1), alias: 99 }, flow(6, t + 1)]);
    await node.until(() => node.commands.length > 0);
    expect(sink.lines.at(-2)).toBe(`live hq/pump-1/flow 6 good @${t + 1}`);
  });

  test('a broken connection is a death: gateway offline and all its points uncertain; a death of another life is not', async () => {
    await start();
    await born();
    await node.nodeDeath(6);
    await node.publish('DDATA', 'drive-1', [flow(6, t + 1)]);
    await sink.saw('flow 6');
    expect(sink.lines.some((line) => line.startsWith('offline'))).toBe(false);
    node.cut();
    await sink.saw('degraded');
    expect(sink.story.slice(-2)).toEqual(['offline hq/edge-1', 'degraded hq/pump-1/flow uncertain stale']);
  });

  test('a birth after a death makes an unchanged value good again, and only then', async () => {
    await start();
    await born();
    await born();
    await node.nodeDeath();
    await sink.saw('degraded');
    await node.nodeBirth();
    await node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
    await eventually(() => expect(sink.taken).toHaveLength(2));
    expect(sink.story.slice(-3)).toEqual([
      'online hq/edge-1',
      'device online hq/edge-1 drive-1 1',
      `live hq/pump-1/flow 5 good @${t}`,
    ]);
  });

  test('a device death makes its points bad, and a device that its gateway forgets is gone after 30 s', async () => {
    await start();
    await born();
    await node.publish('DDEATH', 'drive-1', []);
    await sink.saw('degraded');
    expect(sink.story.slice(-2)).toEqual(['device offline hq/edge-1 drive-1', 'degraded hq/pump-1/flow bad comm-lost']);
    await node.publish('DBIRTH', 'drive-1', [flowBirth(5, t + 5)]);
    await sink.saw(`@${t + 5}`);
    await node.nodeBirth();
    await eventually(() => expect(host.stats().messages).toBe(5));
    const before = sink.story.length;
    clock.advance(29_000);
    expect(sink.story.length).toBe(before);
    clock.advance(1_000);
    expect(sink.story.slice(before)).toEqual([
      'device offline hq/edge-1 drive-1',
      'degraded hq/pump-1/flow bad comm-lost',
    ]);
  });

  test('the watermark of our gateways is passed on after the readings before it', async () => {
    await start();
    await node.nodeBirth([{ name: 'Plantroom/Watermark', type: 'DateTime', value: t, timestamp: t }]);
    await node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
    await node.publish('DDATA', 'drive-1', [flow(6, t + 500)]);
    await node.publish('NDATA', undefined, [
      { name: 'Plantroom/Watermark', type: 'DateTime', value: t + 1_000, timestamp: t + 1_000 },
      { name: 'Plantroom/Count/live', type: 'UInt64', value: 1, timestamp: t + 1_000 },
    ]);
    await sink.saw(`watermark hq/edge-1 @${t + 1_000}`);
    expect(sink.lines.at(-2)).toContain('flow 6');
    clock.advance(10_000);
    expect(sink.lines.at(-1)).toBe(`watermark hq/edge-1 @${t + 1_000}`);
    expect(host.stats().rebirthsRequested).toBe(0);
  });

  test('a foreign node, with names, no aliases, no properties and metrics of its own, is taken under slugs', async () => {
    const foreign = new EdgeNode(url, { group: 'Plant 1', node: 'Ignition Edge', hostId: 'plantroom' });
    await start();
    await foreign.connect();
    await foreign.nodeBirth([{ name: 'Uptime', type: 'UInt32', value: 3_000_000_000, timestamp: t }], t);
    await foreign.publish(
      'DBIRTH',
      'Tank A',
      [
        { name: 'Level/Raw', type: 'Int16', value: -5, timestamp: t },
        { name: '液位', type: 'Float', value: 1.5, timestamp: t },
        { name: 'Config', type: 'Bytes', value: Buffer.from('x'), timestamp: t },
      ],
      t,
    );
    await foreign.publish(
      'DDATA',
      'Tank A',
      [{ name: 'Level/Raw', type: 'Int16', value: -6, timestamp: t + 1 }],
      t + 1,
    );
    await sink.saw('raw -6');
    expect(sink.story.map((line) => line.replace(/level-[0-9a-f]{8}|[0-9a-f]{8} 1.5/, '#'))).toEqual([
      'online plant-1/ignition-edge',
      'device online plant-1/ignition-edge ignition-edge 1',
      `live plant-1/ignition-edge/uptime 3000000000 good @${t}`,
      'device online plant-1/ignition-edge tank-a 2',
      `live plant-1/tank-a/level.raw -5 good @${t}`,
      `live plant-1/tank-a/# good @${t}`,
      `live plant-1/tank-a/level.raw -6 good @${t + 1}`,
    ]);
    await sink.saw(`watermark plant-1/ignition-edge @${t + 1}`);
    clock.advance(20_000);
    expect(sink.lines.at(-1)).toBe(`watermark plant-1/ignition-edge @${t + 1 + 20_000 - 1_000}`);
    await foreign.stop();
  });

  test('rubbish is one clear error with its topic, counted each time, and the rest runs on', async () => {
    await start();
    await born();
    const rubbish = Buffer.from('{"not":"protobuf"}');
    await node.raw('spBv1.0/hq/DDATA/edge-1/drive-1', rubbish);
    await node.raw('spBv1.0/hq/DDATA/edge-1/drive-1', rubbish);
    await node.raw('spBv1.0/hq/WHAT/edge-1', rubbish);
    await node.publish('DDATA', 'drive-1', [flow(6, t + 1)]);
    await sink.saw('flow 6');
    expect(host.stats().malformed).toBe(3);
    expect(logger.error.mock.calls.map(([details]) => (details as { topic: string }).topic)).toEqual([
      'spBv1.0/hq/DDATA/edge-1/drive-1',
      'spBv1.0/hq/WHAT/edge-1',
    ]);
  });

  test('a known gateway that does not come back is asked after 10 s and offline after 30 s; one that does is not', async () => {
    await start(['hq/edge-1', 'hq/edge-2']);
    const second = new EdgeNode(url, { group: 'hq', node: 'edge-2', hostId: 'plantroom' });
    await second.connect();
    await born();
    clock.advance(10_000);
    await second.until(() => second.commands.length > 0);
    clock.advance(19_999);
    expect(sink.lines.some((line) => line.startsWith('offline'))).toBe(false);
    clock.advance(1);
    expect(sink.lines.filter((line) => line.startsWith('offline'))).toEqual(['offline hq/edge-2']);
    await second.stop();
  });
});
