import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SparkplugHost } from '../../../server/src/ingest/ingest-options.ts';
import { createSparkplugHost } from '../../../server/src/ingest/sparkplug-host.ts';
import { RecordingSink } from '../../../server/src/ingest/test-helpers/recording-sink.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningMosquitto, runMosquitto } from '../../helpers/run-mosquitto.ts';
import { ClientNode } from './sparkplug-client-node.ts';

const mosquitto = peer('mosquitto');
const t = Date.UTC(2026, 0, 20, 8);
const temperature = (value: number) => ({ name: 'T', type: 'Double', value });
const point = 'works/node-a.dev/t';

describe.skipIf(!mosquitto.available)(
  `a node that departs from Sparkplug 3.0, on Mosquitto ${mosquitto.available ? '' : mosquitto.hint}`,
  () => {
    let broker: RunningMosquitto;
    let clock: VirtualClock;
    let sink: RecordingSink;
    let host: SparkplugHost;
    let node: ClientNode;

    const come = (more: { node?: string } = {}): ClientNode =>
      new ClientNode(broker.url, {
        group: 'Works',
        node: 'Node A',
        device: 'Dev',
        metrics: [temperature(20.5)],
        atMs: t,
        ...more,
      });
    const at = (start: string): number => sink.story.findLastIndex((line) => line.startsWith(start));

    const startHost = async (knownGateways: string[] = []): Promise<void> => {
      host = createSparkplugHost({
        url: broker.url,
        hostId: 'plantroom',
        clock,
        logger: silentLogger,
        sink,
        knownGateways,
      });
      await host.start();
      await eventually(() => expect(host.stats().connected).toBe(true));
    };

    beforeEach(async () => {
      broker = await runMosquitto();
      clock = new VirtualClock(t);
      sink = new RecordingSink();
      await startHost();
      node = come();
      await sink.saw(`live ${point} 20.5 good`);
    });
    afterEach(async () => {
      await node.stop();
      await host.stop();
      await broker.stop();
    });

    test('a Will at QoS 0 with the bdSeq of every connection is its death; the next birth and its data count', async () => {
      node.cut();
      await sink.saw(`degraded ${point} uncertain stale`);
      await eventually(() => {
        // The death may come behind the birth of the next connection; data then make the host ask again.
        clock.advance(1_000);
        node.data([temperature(21)], clock.nowMs());
        expect(at('online')).toBeGreaterThan(at('offline'));
        expect(sink.story.at(-1)).toMatch(/^live .* 21 good/);
      });
      expect(host.gateways()).toMatchObject([{ id: 'works/node-a', online: true }]);
    });

    test('one that goes without a death certificate is asked after five minutes of silence, and gone 30 s later', async () => {
      await node.stop();
      clock.advance(299_000);
      await eventually(() => expect(host.stats()).toMatchObject({ rebirthsRequested: 0 }));
      clock.advance(2_000);
      expect(host.stats()).toMatchObject({ rebirthsRequested: 1 });
      clock.advance(28_000);
      expect(sink.story.some((line) => line.startsWith('offline'))).toBe(false);
      clock.advance(2_000);
      expect(sink.story.slice(-2)).toEqual(['offline works/node-a', `degraded ${point} uncertain stale`]);
    });

    test('one that is there and has nothing to report answers, and stays', async () => {
      const before = node.births;
      clock.advance(301_000);
      // A subscription to NCMD at QoS 0 is enough.
      await eventually(() => expect(node.births).toBe(before + 1));
      await eventually(() => expect(host.stats().messages).toBe(4));
      clock.advance(200_000);
      expect(sink.story.some((line) => line.startsWith('offline'))).toBe(false);
    });

    test('it gives birth before there is a host: its first data make the host ask for the births', async () => {
      await host.stop();
      sink = new RecordingSink();
      await startHost();
      node.data([temperature(22)], t + 5_000);
      await sink.saw(`live ${point} 22 good`);
      expect(node.rebirthsAsked).toBe(1);
    });

    test('a known node whose name is no id is not taken for gone when the host comes back', async () => {
      await host.stop();
      sink = new RecordingSink();
      const knownGateways = ['works/node-a'];
      await startHost(knownGateways);
      node.data([temperature(22)], t + 5_000);
      await sink.saw(`live ${point} 22 good`);
      clock.advance(60_000);
      expect(sink.story.filter((line) => line.startsWith('offline'))).toEqual([]);
      expect(host.gateways().map(({ id }) => id)).toEqual(['works/node-a']);
    });

    test('two nodes may have devices and metrics of the same names; names that differ in case only stay two', async () => {
      const second = come({ node: 'Node B' });
      const third = come({ node: 'node a' });
      await sink.saw('live works/node-b.dev/t 20.5 good');
      await eventually(() => expect(sink.story.filter((line) => line.startsWith('live'))).toHaveLength(3));
      const points = sink.taken.map((reading) => reading.point);
      expect(new Set(points).size).toBe(3);
      expect(new Set(host.gateways().map(({ id }) => id)).size).toBe(3);
      await second.stop();
      await third.stop();
    });

    test('a birth that somebody has retained is no life sign', async () => {
      await host.stop();
      await node.stop();
      const { connectAsync } = await import('mqtt');
      const other = await connectAsync(broker.url);
      await other.publishAsync('spBv1.0/Works/NBIRTH/Node A', Buffer.from([0x18, 0x00]), { qos: 1, retain: true });
      sink = new RecordingSink();
      await startHost();
      await eventually(() => expect(host.stats()).toMatchObject({ messages: 1, malformed: 1 }));
      expect(sink.story).toEqual([]);
      await other.endAsync(true);
    });
  },
);
