import { nodeMetrics, sparkplugStateTopic } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { connectAsync, type MqttClient } from 'mqtt';
import { pointTable } from '../../../gateway/src/pipeline/point-table.ts';
import { testBinding, testDevice } from '../../../gateway/src/test-helpers/devices.ts';
import { testEdgeNode } from '../../../gateway/src/test-helpers/edge-node.ts';
import { TestHost } from '../../../gateway/src/test-helpers/sparkplug-host.ts';
import type { ClientPacket } from '../../helpers/mqtt-packets.ts';
import { tapMqtt } from '../../helpers/mqtt-tap.ts';
import { runMosquitto } from '../../helpers/run-mosquitto.ts';
import { readPayload, type WirePayload } from '../../helpers/sparkplug-wire.ts';

export interface Heard {
  topic: string;
  type: string;
  device: string | undefined;
  qos: number;
  retain: boolean;
  payload: WirePayload;
}

/** Positions in `heard` where a chapter of the life begins. */
export interface EdgeLife {
  /** What the broker passed on, in its order: by the gateway itself, or its Will. */
  heard: Heard[];
  /** What the gateway wrote to the broker. */
  written: readonly ClientPacket[];
  chapters: Record<Chapter, number>;
  /** UTC ms of the first and the last instant. */
  fromMs: number;
  toMs: number;
}
export type Chapter =
  | 'waiting'
  | 'born'
  | 'rebirth'
  | 'silent'
  | 'back'
  | 'host-away'
  | 'host-back'
  | 'cut'
  | 'stopped';

const [flow, mode, serial] = [
  testBinding('flow'),
  testBinding('mode', { kind: 'enum' }),
  testBinding('serial', { kind: 'string' }),
];
const smoke = testBinding('smoke', { equipment: 'zone-1', class: 'fire-zone', kind: 'boolean', lane: 'safety' });
const table = pointTable('tower', [
  testDevice('drive', [flow, mode, serial]),
  testDevice('panel', [smoke], { silenceMs: 3_600_000 }),
]);

/** A gateway's Sparkplug life on Mosquitto, from its first CONNECT to its farewell, written down on both sides of the broker. */
export async function recordEdgeLife(): Promise<EdgeLife> {
  const broker = await runMosquitto();
  const tap = await tapMqtt(broker.url);
  const heard: Heard[] = [];
  const monitor = await listen(broker.url, heard);
  const host = await TestHost.connect(broker.url);
  const node = testEdgeNode(tap.url, table);
  const { clock, pipeline, uplink } = node;
  const chapters = {} as Record<Chapter, number>;
  const fromMs = clock.nowMs();
  const until = (done: () => boolean, stepMs = 20): Promise<void> =>
    eventually(
      () => {
        clock.advance(stepMs);
        if (!done()) throw new Error(heard.map(({ type }) => type).join(' '));
      },
      { everyMs: 5 },
    );
  const begin = (chapter: Chapter): void => {
    chapters[chapter] = heard.length;
  };
  const since = (chapter: Chapter, type: string): Heard[] =>
    heard.slice(chapters[chapter]).filter((message) => message.type === type);
  const say = (value: number | null): void => node.say('drive', flow, value);
  const connections = (): number => tap.written.filter(({ type }) => type === 'subscribe').length;

  begin('waiting');
  say(1);
  pipeline.raw('drive', mode, { payload: -3 }, clock.nowMs());
  pipeline.raw('panel', smoke, { payload: false }, clock.nowMs());
  pipeline.settled('drive', clock.nowMs());
  pipeline.settled('panel', clock.nowMs());
  await uplink.start();
  await until(() => uplink.stats().connected);
  // A STATE of another host, and one that says no.
  await host.publish('spBv1.0/STATE/other', JSON.stringify({ online: true, timestamp: 9_000 }));
  await host.state(false, 1_000);
  for (let i = 0; i < 20; i++) await until(() => true, 100);

  begin('born');
  await host.state(true, 2_000);
  await until(() => since('born', 'DBIRTH').length === 2);
  for (let i = 0; i < 300; i++) {
    const value = i % 7 === 3 ? null : i + 2;
    say(value);
    // Read again, and the same: no news.
    say(value);
    const before = since('born', 'DDATA').length;
    await until(() => since('born', 'DDATA').length > before, 100);
  }

  begin('rebirth');
  await host.command('tower', 'edge-1', [{ name: nodeMetrics.rebirth, type: 'Boolean', value: true }]);
  await until(() => since('rebirth', 'DBIRTH').length === 2);

  begin('silent');
  pipeline.start();
  await until(() => since('silent', 'DDEATH').length === 1, 200);

  begin('back');
  say(1_001);
  await until(() => since('back', 'DDATA').length > 0);

  begin('host-away');
  // An old word of an earlier life of the host, then its death.
  await host.state(false, 1_500);
  say(1_002);
  await until(() => since('host-away', 'DDATA').length > 0);
  const lives = connections();
  await host.state(false, 3_000);
  await until(() => since('host-away', 'NDEATH').length === 1 && connections() > lives);
  say(1_003);
  for (let i = 0; i < 20; i++) await until(() => true, 100);

  begin('host-back');
  await host.state(true, 4_000);
  const told = (value: number): boolean =>
    since('host-back', 'DDATA').some(({ payload }) => payload.metrics.some((metric) => metric.value === value));
  await until(() => told(1_003));
  say(1_004);
  await until(() => told(1_004));

  begin('cut');
  tap.cut(true);
  await until(() => since('cut', 'NDEATH').length === 1);
  tap.cut(false);
  await until(() => since('cut', 'NBIRTH').length === 1 && since('cut', 'DBIRTH').length === 2, 200);

  begin('stopped');
  await Promise.all([uplink.stop(), until(() => since('stopped', 'NDEATH').length === 1)]);
  await eventually(() => {
    if (tap.written.at(-1)?.type !== 'disconnect') throw new Error('no DISCONNECT yet');
  });
  const toMs = clock.nowMs();
  pipeline.stop();
  await host.close();
  await monitor.endAsync(true);
  await tap.close();
  await broker.stop();
  await node.stop();
  return { heard, written: tap.written, chapters, fromMs, toMs };
}

async function listen(url: string, heard: Heard[]): Promise<MqttClient> {
  const client = await connectAsync(url);
  client.on('message', (topic, payload, { qos, retain }) => {
    const [, , type = '', node, device] = topic.split('/');
    if (topic.startsWith(sparkplugStateTopic('')) || type.endsWith('CMD') || node === undefined) return;
    heard.push({ topic, type, device, qos, retain, payload: readPayload(payload) });
  });
  await client.subscribeAsync('spBv1.0/#', { qos: 1 });
  return client;
}
