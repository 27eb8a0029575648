import { eventually } from '@plantroom/contracts/testing';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EdgeNode } from './test-helpers/edge-node.ts';
import { flow, flowBirth, HostBed, t } from './test-helpers/host-bed.ts';

describe('births, deaths and STATE at the Sparkplug host, on a real broker', () => {
  let bed: HostBed;

  beforeEach(async () => {
    bed = await new HostBed().open();
  });
  afterEach(() => bed.close());

  test('STATE is online and retained while it runs, offline after a clean stop, with timestamps that do not go back', async () => {
    await bed.start();
    bed.clock.advance(5_000);
    await bed.host.stop();
    await bed.node.until(() => bed.node.states.length === 2);
    expect(bed.node.states.map((s) => JSON.parse(s))).toEqual([
      { online: true, timestamp: t },
      { online: false, timestamp: t + 5_000 },
    ]);
    const late = await connectAsync(bed.url);
    const seen = new Promise<string>((resolve) => late.once('message', (_, payload) => resolve(payload.toString())));
    await late.subscribeAsync('spBv1.0/STATE/plantroom');
    expect(JSON.parse(await seen)).toEqual({ online: false, timestamp: t + 5_000 });
    await late.endAsync();
  });

  test('its own STATE offline, seen while connected, is answered with online and the same timestamp', async () => {
    await bed.start();
    await bed.node.raw('spBv1.0/STATE/plantroom', Buffer.from(`{"online":false,"timestamp":${t}}`));
    await bed.node.until(() => bed.node.states.length >= 3);
    expect(JSON.parse(bed.node.states[2]!)).toEqual({ online: true, timestamp: t });
  });

  test('the Will of each connection carries the timestamp of that connection’s birth', async () => {
    await bed.start();
    bed.clock.advance(1_000);
    await bed.broker.stop();
    await bed.openBroker(bed.broker.port);
    await bed.connectNode(8);
    await bed.node.until(() => bed.node.states.some((state) => state.includes('true')));
    expect(JSON.parse(bed.node.states[0]!)).toEqual({ online: true, timestamp: t + 1_000 });
    // A second client of the same id is what makes the broker cut the host off as a crash would.
    expect(bed.host.stats().connected).toBe(true);
  });

  test('a birth tells class, profile, unit, lane and silence of each point, and its value is a reading', async () => {
    await bed.start();
    await bed.born();
    expect(bed.sink.born.get('hq/pump-1/flow')).toEqual({
      point: 'hq/pump-1/flow',
      class: 'pump',
      profile: 'acme/p1',
      unit: 'm3_h',
      lane: 'live',
      silenceMs: 15_000,
    });
    expect(bed.sink.story).toEqual([
      'online hq/edge-1',
      'device online hq/edge-1 drive-1 1',
      `live hq/pump-1/flow 5 good @${t}`,
    ]);
  });

  test('a birth tells which points the gateway computes itself', async () => {
    await bed.start();
    await bed.node.nodeBirth();
    const birth = flowBirth(5, t);
    await bed.node.publish('DBIRTH', 'drive-1', [
      { ...birth, properties: { ...birth.properties, derived: { type: 'Boolean', value: true } } },
    ]);
    await bed.sink.saw('live hq/pump-1/flow 5');
    expect(bed.sink.born.get('hq/pump-1/flow')).toMatchObject({ derived: true });
  });

  test('data of a node whose birth was not seen ask for it, not more than once in 5 s', async () => {
    await bed.start();
    await bed.node.publish('DDATA', 'drive-1', [flow(1, t)]);
    await bed.node.publish('DDATA', 'drive-1', [flow(2, t + 1)]);
    await bed.node.until(() => bed.node.commands.length > 0);
    await eventually(() => expect(bed.host.stats().messages).toBe(2));
    expect(bed.host.stats().rebirthsRequested).toBe(1);
    bed.clock.advance(5_000);
    await bed.node.publish('DDATA', 'drive-1', [flow(2, t + 2)]);
    await bed.node.until(() => bed.node.commands.length === 2);
    expect(bed.sink.story).toEqual([]);
    await bed.born();
  });

  test('a broken connection is a death: gateway offline and all its points uncertain; a death of another life is not', async () => {
    await bed.start();
    await bed.born();
    await bed.node.nodeDeath(6);
    await bed.node.publish('DDATA', 'drive-1', [flow(6, t + 1)]);
    await bed.sink.saw('flow 6');
    expect(bed.sink.lines.some((line) => line.startsWith('offline'))).toBe(false);
    bed.node.cut();
    await bed.sink.saw('degraded');
    expect(bed.sink.story.slice(-2)).toEqual(['offline hq/edge-1', 'degraded hq/pump-1/flow uncertain stale']);
  });

  test('a birth after a death makes an unchanged value good again, and only then', async () => {
    await bed.start();
    await bed.born();
    await bed.born();
    await bed.node.nodeDeath();
    await bed.sink.saw('degraded');
    await bed.node.nodeBirth();
    await bed.node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
    await eventually(() => expect(bed.sink.taken).toHaveLength(2));
    expect(bed.sink.story.slice(-3)).toEqual([
      'online hq/edge-1',
      'device online hq/edge-1 drive-1 1',
      `live hq/pump-1/flow 5 good @${t}`,
    ]);
  });

  test('a device death makes its points bad, and a device that its gateway forgets is gone after 30 s', async () => {
    await bed.start();
    await bed.born();
    await bed.node.publish('DDEATH', 'drive-1', []);
    await bed.sink.saw('degraded');
    expect(bed.sink.story.slice(-2)).toEqual([
      'device offline hq/edge-1 drive-1',
      'degraded hq/pump-1/flow bad comm-lost',
    ]);
    await bed.node.publish('DBIRTH', 'drive-1', [flowBirth(5, t + 5)]);
    await bed.sink.saw(`@${t + 5}`);
    await bed.node.nodeBirth();
    await eventually(() => expect(bed.host.stats().messages).toBe(5));
    const before = bed.sink.story.length;
    bed.clock.advance(29_000);
    expect(bed.sink.story.length).toBe(before);
    bed.clock.advance(1_000);
    expect(bed.sink.story.slice(before)).toEqual([
      'device offline hq/edge-1 drive-1',
      'degraded hq/pump-1/flow bad comm-lost',
    ]);
  });

  test('a known gateway that does not come back is asked after 10 s and offline after 30 s; one that does is not', async () => {
    await bed.start(['hq/edge-1', 'hq/edge-2']);
    const second = new EdgeNode(bed.url, { group: 'hq', node: 'edge-2', hostId: 'plantroom' });
    await second.connect();
    await bed.born();
    bed.clock.advance(10_000);
    await second.until(() => second.commands.length > 0);
    bed.clock.advance(19_999);
    expect(bed.sink.lines.some((line) => line.startsWith('offline'))).toBe(false);
    bed.clock.advance(1);
    expect(bed.sink.lines.filter((line) => line.startsWith('offline'))).toEqual(['offline hq/edge-2']);
    await second.stop();
  });
});
