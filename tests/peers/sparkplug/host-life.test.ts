import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SparkplugHost } from '../../../server/src/ingest/ingest-options.ts';
import { createSparkplugHost } from '../../../server/src/ingest/sparkplug-host.ts';
import { EdgeNode } from '../../../server/src/ingest/test-helpers/edge-node.ts';
import { flow, flowBirth } from '../../../server/src/ingest/test-helpers/host-bed.ts';
import { RecordingSink } from '../../../server/src/ingest/test-helpers/recording-sink.ts';
import type { Message } from '../../helpers/mqtt-packets.ts';
import { type MqttTap, tapMqtt } from '../../helpers/mqtt-tap.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningMosquitto, runMosquitto } from '../../helpers/run-mosquitto.ts';
import { readPayload } from '../../helpers/sparkplug-wire.ts';

const mosquitto = peer('mosquitto');
const t = Date.UTC(2026, 0, 20, 8);
const stateTopic = 'spBv1.0/STATE/plantroom';

/** The ids behind each title, and what they ask, are in docs/sparkplug.md. */
describe.skipIf(!mosquitto.available)(
  `the Sparkplug life of a host, on the wire ${mosquitto.available ? '' : mosquitto.hint}`,
  () => {
    let broker: RunningMosquitto;
    let tap: MqttTap;
    let monitor: MqttClient;
    let states: Message[];
    let clock: VirtualClock;
    let sink: RecordingSink;
    let host: SparkplugHost;
    let node: EdgeNode;

    const online = () => eventually(() => expect(host.stats().connected).toBe(true));
    const said = () =>
      states.map(({ payload }) => JSON.parse(payload.toString()) as { online: boolean; timestamp: number });
    const published = () => tap.written.flatMap((packet) => (packet.type === 'publish' ? [packet] : []));
    const commands = () => published().filter(({ topic }) => topic !== stateTopic);
    const born = async (): Promise<void> => {
      await node.nodeBirth();
      await node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
      await sink.saw('live hq/pump-1/flow 5');
    };
    const make = (more: { reorderMs?: number } = {}): SparkplugHost =>
      createSparkplugHost({
        url: tap.url,
        hostId: 'plantroom',
        clock,
        logger: silentLogger,
        sink,
        knownGateways: [],
        ...more,
      });

    beforeEach(async () => {
      broker = await runMosquitto();
      tap = await tapMqtt(broker.url);
      [clock, sink, states] = [new VirtualClock(t), new RecordingSink(), []];
      monitor = await connectAsync(broker.url);
      monitor.on('message', (topic, payload, { qos, retain }) => states.push({ topic, payload, qos, retain }));
      await monitor.subscribeAsync(stateTopic, { qos: 1 });
      host = make();
      node = new EdgeNode(broker.url, { group: 'hq', node: 'edge-1', hostId: 'plantroom' });
      await node.connect(7);
    });
    afterEach(async () => {
      await host.stop();
      await node.stop();
      await monitor.endAsync(true);
      await tap.close();
      await broker.stop();
    });

    test('CONNECT asks for a clean session and leaves STATE offline as its Will: JSON, QoS 1, retained, the time in UTC ms', async () => {
      await host.start();
      await online();
      const [connect] = tap.written;
      expect(connect).toMatchObject({ type: 'connect', clean: true, version: 4 });
      if (connect?.type !== 'connect') return;
      expect(connect.will).toMatchObject({ topic: stateTopic, qos: 1, retain: true });
      expect(JSON.parse(connect.will?.payload.toString() ?? '')).toEqual({ online: false, timestamp: t });
    });

    test('it subscribes to the namespace and its own STATE before it says STATE online, with the time of the Will, QoS 1, retained', async () => {
      await host.start();
      await online();
      expect(tap.written.map(({ type }) => type).slice(0, 3)).toEqual(['connect', 'subscribe', 'publish']);
      const [, subscribe, birth] = tap.written;
      expect(subscribe).toMatchObject({
        topics: [
          { topic: stateTopic, qos: 1 },
          { topic: 'spBv1.0/#', qos: 1 },
        ],
      });
      expect(birth).toMatchObject({ topic: stateTopic, qos: 1, retain: true });
      if (birth?.type !== 'publish') return;
      expect(JSON.parse(birth.payload.toString())).toEqual({ online: true, timestamp: t });
    });

    test('a stop says STATE offline, QoS 1, retained, with the time of the stop, and only then disconnects', async () => {
      await host.start();
      await online();
      clock.advance(5_000);
      await host.stop();
      await eventually(() => expect(tap.written.at(-1)?.type).toBe('disconnect'));
      const death = published().at(-1);
      expect(death).toMatchObject({ type: 'publish', topic: stateTopic, qos: 1, retain: true });
      await eventually(() => expect(said().at(-1)).toEqual({ online: false, timestamp: t + 5_000 }));
    });

    test('a line that breaks lets the broker say its Will; the next connection has a Will and a birth of a later time', async () => {
      await host.start();
      await online();
      clock.advance(5_000);
      tap.cut(true);
      await eventually(() => expect(said().at(-1)).toEqual({ online: false, timestamp: t }));
      tap.cut(false);
      await eventually(() => expect(said().at(-1)).toMatchObject({ online: true }));
      const wills = tap.written.flatMap((packet) =>
        packet.type === 'connect' ? [JSON.parse(packet.will?.payload.toString() ?? '') as { timestamp: number }] : [],
      );
      expect(said().at(-1)?.timestamp).toBe(wills.at(-1)?.timestamp);
      expect(wills.at(-1)?.timestamp).toBeGreaterThan(t);
    });

    test('its own STATE offline, said by somebody while it is there, is answered with online and the time of its birth', async () => {
      await host.start();
      await online();
      await monitor.publishAsync(stateTopic, JSON.stringify({ online: false, timestamp: t }), { qos: 1, retain: true });
      await eventually(() =>
        expect(said().slice(-2)).toEqual([
          { online: false, timestamp: t },
          { online: true, timestamp: t },
        ]),
      );
    });

    test('a death with the bdSeq of the birth takes node and devices off and makes all values stale, stamped by the host; another bdSeq does nothing', async () => {
      await host.start();
      await online();
      await born();
      clock.advance(60_000);
      await node.nodeDeath(6);
      await eventually(() => expect(host.stats().messages).toBe(3));
      expect(sink.stamped.size).toBe(0);
      await node.nodeDeath(7);
      await sink.saw('degraded');
      expect(Object.fromEntries(sink.stamped)).toEqual({
        'offline hq/edge-1': clock.nowMs(),
        'degraded hq/pump-1/flow uncertain stale': clock.nowMs(),
      });
    });

    test('a device death takes the device off and makes its values bad, stamped by the payload', async () => {
      await host.start();
      await online();
      await born();
      await node.publish('DDEATH', 'drive-1', [], t + 1_234);
      await sink.saw('degraded');
      expect(Object.fromEntries(sink.stamped)).toEqual({
        'device offline hq/edge-1 drive-1': t + 1_234,
        'degraded hq/pump-1/flow bad comm-lost': t + 1_234,
      });
    });

    test('a gap that does not heal in the time that is set brings one NCMD: Rebirth true by name, QoS 0, not retained, no seq; one that heals brings none', async () => {
      host = make({ reorderMs: 3_000 });
      await host.start();
      await online();
      await born();
      const message = (value: number) => ({ type: 'DDATA', device: 'drive-1', metrics: [flow(value, t + value)] });
      const [early, late] = [node.nextSeq(), node.nextSeq()];
      await node.publishWithSeq(late, message(8));
      await eventually(() => expect(host.stats().messages).toBe(3));
      clock.advance(2_999);
      await node.publishWithSeq(early, message(7));
      await sink.saw('flow 8');
      clock.advance(10_000);
      expect(commands()).toEqual([]);
      node.nextSeq();
      await node.publishWithSeq(node.nextSeq(), message(9));
      await eventually(() => expect(host.stats().messages).toBe(5));
      clock.advance(2_999);
      expect(host.stats().rebirthsRequested).toBe(0);
      clock.advance(1);
      await eventually(() => expect(commands()).toHaveLength(1));
      const [command] = commands();
      expect(command).toMatchObject({ topic: 'spBv1.0/hq/NCMD/edge-1', qos: 0, retain: false });
      const { seq, timestamp, metrics, others } = readPayload(command?.payload ?? Buffer.alloc(0));
      expect({ seq, timestamp, others }).toEqual({ seq: undefined, timestamp: clock.nowMs(), others: [] });
      expect(metrics).toMatchObject([
        { name: 'Node Control/Rebirth', alias: undefined, datatype: 11, value: true, timestamp: clock.nowMs() },
      ]);
    });

    test('a gap behind a gap that healed has the whole time again', async () => {
      await host.start();
      await online();
      await born();
      const message = (value: number) => ({ type: 'DDATA', device: 'drive-1', metrics: [flow(value, t + value)] });
      const [a, b, c, d] = [node.nextSeq(), node.nextSeq(), node.nextSeq(), node.nextSeq()];
      await node.publishWithSeq(b, message(2));
      await node.publishWithSeq(d, message(4));
      await eventually(() => expect(host.stats().messages).toBe(4));
      clock.advance(900);
      await node.publishWithSeq(a, message(1));
      await sink.saw('flow 2');
      clock.advance(900);
      await node.publishWithSeq(c, message(3));
      await sink.saw('flow 4');
      clock.advance(2_000);
      expect(host.stats()).toMatchObject({ sequenceGaps: 0, rebirthsRequested: 0 });
    });

    test('a command is one DCMD with the alias of the birth and no name, in its type, at QoS 0, not retained, no seq', async () => {
      await host.start();
      await online();
      await node.nodeBirth([{ name: 'Plantroom/Command Outcome', type: 'String', value: null, timestamp: t }]);
      const birth = flowBirth(5, t);
      await node.publish('DBIRTH', 'drive-1', [
        { ...birth, properties: { ...birth.properties, writable: { type: 'Boolean', value: true } } },
      ]);
      await sink.saw('live hq/pump-1/flow 5');
      expect(host.command('hq/edge-1', { id: 'c1', point: 'hq/pump-1/flow', value: 6.5 })).toBeNull();
      await eventually(() => expect(commands()).toHaveLength(1));
      const [command] = commands();
      expect(command).toMatchObject({ topic: 'spBv1.0/hq/DCMD/edge-1/drive-1', qos: 0, retain: false });
      const { seq, timestamp, metrics } = readPayload(command?.payload ?? Buffer.alloc(0));
      expect({ seq, timestamp }).toEqual({ seq: undefined, timestamp: t });
      expect(metrics).toMatchObject([{ name: undefined, alias: 1, datatype: 10, value: 6.5, timestamp: t }]);
    });
  },
);
