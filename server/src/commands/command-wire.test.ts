import {
  type ApiError,
  type Command,
  type CommandOutcome,
  type LiveDelta,
  nodeMetrics,
  silentLogger,
} from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../broker/start-broker.ts';
import { EdgeNode } from '../ingest/test-helpers/edge-node.ts';
import type { RunningServer } from '../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const path = '/api/points/commands';
let broker: Broker;
let server: RunningServer;
let client: TestClient;
let node: EdgeNode;

async function startOn(): Promise<void> {
  server = await startTestServer(folder, { mqttUrl: `mqtt://127.0.0.1:${broker.port}` });
  client = new TestClient(server.url);
  await client.signIn();
}

/** By hand, and claiming too much: the lift says that it may be written. */
async function giveBirth(): Promise<void> {
  const text = (value: string) => ({ type: 'String', value }) as const;
  const properties = (of: string) => ({ class: text(of), writable: { type: 'Boolean', value: true } }) as const;
  await node.nodeBirth([{ name: nodeMetrics.commandOutcome, type: 'String', value: null }]);
  await node.publish('DBIRTH', 'box', [
    { name: 'vrf-1/setpoint', alias: 7, type: 'Float', value: 24, properties: properties('vrf-unit') },
    { name: 'lift-1/floor', alias: 8, type: 'Double', value: 3, properties: properties('elevator') },
    { name: 'panel-1/fire-count', alias: 9, type: 'Double', value: 0, properties: properties('fire-panel') },
  ]);
}

const set = (point: string, value: unknown) => client.call<Command & ApiError>('POST', path, { point, value });
const latest = async () => (await client.call<{ items: Command[] }>('GET', path)).body.items[0];
const say = (id: string, outcome: Partial<CommandOutcome>) => {
  const plain = {
    id,
    point: 'hq/vrf-1/setpoint',
    state: 'verified',
    reason: null,
    message: null,
    readBack: null,
    atMs: 1,
  };
  const value = JSON.stringify({ ...plain, ...outcome });
  return node.publish('NDATA', undefined, [{ name: nodeMetrics.commandOutcome, type: 'String', value }]);
};
/** Sent as soon as the gateway and its device are known to be there. */
const sent = (value: number): Promise<Command> =>
  eventually(async () => {
    const { body } = await set('hq/vrf-1/setpoint', value);
    expect(body).toMatchObject({ state: 'sent', value });
    return body;
  });

beforeAll(async () => {
  broker = await startBroker({ host: '127.0.0.1', port: 0, logger: silentLogger });
  await startOn();
  node = new EdgeNode(`mqtt://127.0.0.1:${broker.port}`, { group: 'hq', node: 'edge', hostId: 'plantroom' });
  await node.connect();
  await eventually(() => expect(node.states.at(-1)).toContain('"online":true'));
  await giveBirth();
});
afterAll(async () => {
  await node.stop();
  await server.stop();
  await broker.stop();
  remove();
});

test('a request becomes one DCMD in the type of the birth, with its id and the point that is meant; what the gateway says becomes its end', async () => {
  const { deltas, socket } = await client.live({ scope: { kind: 'site', site: 'hq' } });
  const command = await sent(21.5);
  await node.until(() => node.deviceCommands.length > 0);
  expect(node.deviceCommands).toHaveLength(1);
  const [{ device, metric }] = node.deviceCommands as [(typeof node.deviceCommands)[number]];
  expect(device).toBe('box');
  expect(metric).toMatchObject({ type: 'Float', value: 21.5 });
  expect(Number(metric.alias)).toBe(7);
  expect(metric.properties).toMatchObject({
    commandId: { value: command.id },
    commandPoint: { value: 'hq/vrf-1/setpoint' },
  });
  await say(command.id, { state: 'accepted', withinMs: 60_000 });
  await eventually(async () => expect(await latest()).toMatchObject({ id: command.id, state: 'accepted' }));
  await say(command.id, { readBack: 21.5 });
  await eventually(async () => expect(await latest()).toMatchObject({ state: 'verified', readBack: 21.5 }));
  const seen = (list: LiveDelta[]) => list.flatMap((delta) => delta.commands ?? []).map(({ state }) => state);
  await eventually(() => expect(seen(deltas).at(-1)).toBe('verified'));
  socket.close();
});

test('nothing goes to a lift or a fire panel that was born as writable', async () => {
  const before = node.deviceCommands.length;
  for (const point of ['hq/lift-1/floor', 'hq/panel-1/fire-count']) {
    for (const value of [1, 0, true, '1']) {
      const { status, body } = await set(point, value);
      expect([status, body.code]).toEqual([403, 'COMMAND_READ_ONLY']);
    }
  }
  // One that may be sent comes through, and nothing came before it.
  const { id } = await sent(22);
  await node.until(() => node.deviceCommands.length > before);
  expect(node.deviceCommands.slice(before).map(({ metric }) => metric.properties?.commandId?.value)).toEqual([id]);
  await say(id, { readBack: 22 });
  await eventually(async () => expect(await latest()).toMatchObject({ state: 'verified' }));
});

test('a server that restarts sends nothing again: the command is open no longer, and its end is taken when the gateway tells it', async () => {
  const { id } = await sent(23);
  await node.until(() => node.deviceCommands.at(-1)?.metric.properties?.commandId?.value === id);
  const before = node.deviceCommands.length;
  await server.stop();
  await startOn();
  expect(await latest()).toMatchObject({ id, state: 'timed-out', code: 'server-restarted' });
  await giveBirth();
  await say(id, { readBack: 23 });
  await eventually(async () => expect(await latest()).toMatchObject({ id, state: 'verified', readBack: 23 }));
  const next = await sent(24);
  await node.until(() => node.deviceCommands.length > before);
  expect(node.deviceCommands.slice(before).map(({ metric }) => metric.properties?.commandId?.value)).toEqual([next.id]);
});
