import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flow, flowBirth, HostBed, t } from './test-helpers/host-bed.ts';
import type { UMetric } from './test-helpers/sparkplug-b.ts';

const lane = (name: 'safety' | 'live', position: number, count: number, replayed = 0): UMetric[] => [
  { name: `Plantroom/Position/${name}`, type: 'UInt64', value: position, timestamp: t },
  { name: `Plantroom/Count/${name}`, type: 'UInt64', value: count, timestamp: t },
  { name: `Plantroom/Replayed/${name}`, type: 'UInt64', value: replayed, timestamp: t },
];
const watermark: UMetric = { name: 'Plantroom/Watermark', type: 'DateTime', value: t, timestamp: t };

let bed: HostBed;
let messages = 0;
beforeEach(async () => {
  bed = await new HostBed().open();
  await bed.start();
  messages = 0;
});
afterEach(() => bed.close());

/** A second of the gateway: a live reading that it counts, and what it says of the safety lane. */
const second = async (safety: UMetric[]): Promise<void> => {
  messages += 1;
  await bed.node.publish('DDATA', 'drive-1', [flow(messages, t + messages * 1000)]);
  await bed.node.publish('NDATA', undefined, [watermark, ...lane('live', 100 + messages, messages), ...safety]);
  await bed.sink.saw(`live hq/pump-1/flow ${messages}`);
  await bed.sink.saw(`complete hq/edge-1 live ${100 + messages}`);
  bed.clock.advance(1000);
};

test('live data flows, and the safety lane counts more than has come for a minute: it is behind until the counts agree', async () => {
  await bed.node.nodeBirth([watermark, ...lane('live', 100, 0), ...lane('safety', 10, 0)]);
  await bed.node.publish('DBIRTH', 'drive-1', [flowBirth(0, t)]);
  await second(lane('safety', 10, 0));
  expect(bed.links).toEqual(['broker', 'hq/edge-1 whole']);
  for (let s = 1; s <= 59; s++) await second(lane('safety', 10 + s, s));
  expect(bed.links).toHaveLength(2);
  for (let s = 60; s <= 62; s++) await second(lane('safety', 10 + s, s));
  expect(bed.links).toEqual(['broker', 'hq/edge-1 whole', 'hq/edge-1 behind']);
  // Everything was sent again, and the gateway says so.
  const asked = () => bed.node.positions.filter(({ text }) => text.startsWith('Replay From safety'));
  await bed.node.until(() => asked().length === 62);
  await second(lane('safety', 72, 62, asked().at(-1)?.request));
  expect(bed.links.slice(3)).toEqual(['hq/edge-1 whole']);
});

test('a broker that goes is told once, and so is its return', async () => {
  const { port } = bed.broker;
  await bed.broker.stop();
  await eventually(() => expect(bed.links).toEqual(['broker', 'no broker']));
  await bed.openBroker(port);
  await eventually(() => expect(bed.links).toEqual(['broker', 'no broker', 'broker']));
});
