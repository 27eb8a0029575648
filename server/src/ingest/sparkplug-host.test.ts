import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EdgeNode } from './test-helpers/edge-node.ts';
import { flow, flowBirth, HostBed, t } from './test-helpers/host-bed.ts';

describe('data at the Sparkplug host, on a real broker', () => {
  let bed: HostBed;

  beforeEach(async () => {
    bed = await new HostBed().open();
  });
  afterEach(() => bed.close());

  test('data go by alias, with quality and reason, and the same message twice gives nothing twice', async () => {
    await bed.start();
    await bed.born();
    const bad = {
      properties: { Quality: { type: 'Int32', value: 0 }, Reason: { type: 'String', value: 'out-of-range' } },
    } as const;
    await bed.node.publish('DDATA', 'drive-1', [flow(6, t + 1_000), flow(7, t + 2_000, bad)]);
    await bed.node.publish('DDATA', 'drive-1', [flow(6, t + 1_000), flow(7, t + 2_000, bad)]);
    await bed.node.publish('DDATA', 'drive-1', [flow(8, t + 3_000)]);
    await bed.sink.saw('flow 8');
    expect(bed.sink.story.slice(2)).toEqual([
      `live hq/pump-1/flow 5 good @${t}`,
      `live hq/pump-1/flow 6 good @${t + 1_000}`,
      `live hq/pump-1/flow 7 bad out-of-range @${t + 2_000}`,
      `live hq/pump-1/flow 8 good @${t + 3_000}`,
    ]);
    expect(bed.host.stats()).toMatchObject({ readings: 4, duplicates: 2 });
  });

  test('historical data are told as late, and what was late already is dropped', async () => {
    await bed.start();
    await bed.born();
    const old = flow(3, t - 60_000, { isHistorical: true });
    await bed.node.publish('DDATA', 'drive-1', [old, flow(6, t + 1_000)]);
    await bed.node.publish('DDATA', 'drive-1', [old, flow(7, t + 2_000)]);
    await bed.sink.saw('flow 7');
    expect(bed.sink.story.slice(3)).toEqual([
      `late hq/pump-1/flow 3 good @${t - 60_000}`,
      `live hq/pump-1/flow 6 good @${t + 1_000}`,
      `live hq/pump-1/flow 7 good @${t + 2_000}`,
    ]);
  });

  test('messages that overtake one another are put back into order', async () => {
    await bed.start();
    await bed.born();
    const [first, second] = [bed.node.nextSeq(), bed.node.nextSeq()];
    const message = (value: number, at: number) => ({ type: 'DDATA', device: 'drive-1', metrics: [flow(value, at)] });
    await bed.node.publishWithSeq(second, message(7, t + 2_000));
    await bed.node.publishWithSeq(first, message(6, t + 1_000));
    await bed.sink.saw('flow 7');
    expect(bed.sink.story.slice(3)).toEqual([
      `live hq/pump-1/flow 6 good @${t + 1_000}`,
      `live hq/pump-1/flow 7 good @${t + 2_000}`,
    ]);
    expect(bed.host.stats()).toMatchObject({ sequenceGaps: 0, rebirthsRequested: 0 });
  });

  test('a message that stays away is a gap: what waited is taken, and the births are asked for once', async () => {
    await bed.start();
    await bed.born();
    bed.node.nextSeq();
    await bed.node.publish('DDATA', 'drive-1', [flow(7, t + 2_000)]);
    await eventually(() => expect(bed.host.stats().messages).toBe(3));
    expect(bed.sink.lines.some((line) => line.includes('flow 7'))).toBe(false);
    bed.clock.advance(1_000);
    await bed.sink.saw('flow 7');
    await bed.node.until(() => bed.node.commands.length > 0);
    expect(bed.node.commands).toEqual(['Node Control/Rebirth']);
    expect(bed.host.stats()).toMatchObject({ sequenceGaps: 1, rebirthsRequested: 1 });
  });

  test('the sequence wraps from 255 to 0', async () => {
    await bed.start();
    await bed.born();
    for (let i = 1; i <= 300; i++) await bed.node.publish('DDATA', 'drive-1', [flow(i, t + i)]);
    await bed.sink.saw('flow 300');
    expect(bed.host.stats()).toMatchObject({ readings: 301, sequenceGaps: 0 });
  });

  test('an alias that no birth has told asks for rebirth, and the rest of the message counts', async () => {
    await bed.start();
    await bed.born();
    await bed.node.publish('DDATA', 'drive-1', [{ ...flow(1, t + 1), alias: 99 }, flow(6, t + 1)]);
    await bed.node.until(() => bed.node.commands.length > 0);
    expect(bed.sink.lines.at(-2)).toBe(`live hq/pump-1/flow 6 good @${t + 1}`);
  });

  test('the watermark of our gateways is passed on after the readings before it', async () => {
    await bed.start();
    await bed.node.nodeBirth([{ name: 'Plantroom/Watermark', type: 'DateTime', value: t, timestamp: t }]);
    await bed.node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
    await bed.node.publish('DDATA', 'drive-1', [flow(6, t + 500)]);
    await bed.node.publish('NDATA', undefined, [
      { name: 'Plantroom/Watermark', type: 'DateTime', value: t + 1_000, timestamp: t + 1_000 },
      { name: 'Plantroom/Count/live', type: 'UInt64', value: 1, timestamp: t + 1_000 },
    ]);
    await bed.sink.saw(`watermark hq/edge-1 @${t + 1_000}`);
    expect(bed.sink.lines.at(-2)).toContain('flow 6');
    bed.clock.advance(10_000);
    expect(bed.sink.lines.at(-1)).toBe(`watermark hq/edge-1 @${t + 1_000}`);
    expect(bed.host.stats().rebirthsRequested).toBe(0);
  });

  test('a foreign node, with names, no aliases, no properties and metrics of its own, is taken under slugs', async () => {
    const foreign = new EdgeNode(bed.url, { group: 'Plant 1', node: 'Ignition Edge', hostId: 'plantroom' });
    await bed.start();
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
    await bed.sink.saw('raw -6');
    expect(bed.sink.story.map((line) => line.replace(/level-[0-9a-f]{8}|[0-9a-f]{8} 1.5/, '#'))).toEqual([
      'online plant-1/ignition-edge',
      'device online plant-1/ignition-edge ignition-edge 1',
      `live plant-1/ignition-edge/uptime 3000000000 good @${t}`,
      'device online plant-1/ignition-edge ignition-edge.tank-a 2',
      `live plant-1/ignition-edge.tank-a/level.raw -5 good @${t}`,
      `live plant-1/ignition-edge.tank-a/# good @${t}`,
      `live plant-1/ignition-edge.tank-a/level.raw -6 good @${t + 1}`,
    ]);
    await bed.sink.saw(`watermark plant-1/ignition-edge @${t + 1}`);
    bed.clock.advance(20_000);
    expect(bed.sink.lines.at(-1)).toBe(`watermark plant-1/ignition-edge @${t + 1 + 20_000 - 1_000}`);
    await foreign.stop();
  });

  test('rubbish is one clear error with its topic, counted each time, and the rest runs on', async () => {
    await bed.start();
    await bed.born();
    const rubbish = Buffer.from('{"not":"protobuf"}');
    await bed.node.raw('spBv1.0/hq/DDATA/edge-1/drive-1', rubbish);
    await bed.node.raw('spBv1.0/hq/DDATA/edge-1/drive-1', rubbish);
    await bed.node.raw('spBv1.0/hq/WHAT/edge-1', rubbish);
    await bed.node.publish('DDATA', 'drive-1', [flow(6, t + 1)]);
    await bed.sink.saw('flow 6');
    expect(bed.host.stats().malformed).toBe(3);
    expect(bed.logger.error.mock.calls.map(([details]) => (details as { topic: string }).topic)).toEqual([
      'spBv1.0/hq/DDATA/edge-1/drive-1',
      'spBv1.0/hq/WHAT/edge-1',
    ]);
  });
});
