import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Reading, silentLogger, systemClock, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { openMemoryOutbox } from '../outbox/memory-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { PointTable } from '../pipeline/point-table.ts';
import { BdSeqStore } from '../uplink/sparkplug/bd-seq-store.ts';
import { SparkplugUplink, sparkplugUplinkName } from '../uplink/sparkplug/sparkplug-uplink.ts';
import { startBroker, type TestBroker } from './broker.ts';
import type { testBinding } from './devices.ts';
import { TestHost } from './sparkplug-host.ts';

export interface TestEdgeNode {
  clock: VirtualClock;
  outbox: Outbox;
  pipeline: Pipeline;
  uplink: SparkplugUplink;
  /** Time moves in small steps while the broker takes its real time. */
  until(condition: () => boolean, stepMs?: number): Promise<void>;
  /** One value of a poll that has ended. */
  say(device: string, binding: ReturnType<typeof testBinding>, value: Reading['value']): void;
  /** The host has everything. */
  drained(): boolean;
  stop(): Promise<void>;
}

/** Node `edge-1` of the group `tower` from the pipeline on: its outbox in memory, its time virtual, its connection real. */
export function testEdgeNode(url: string, table: PointTable, options: { primaryHost?: null } = {}): TestEdgeNode {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-edge-node-'));
  const clock = new VirtualClock(systemClock.nowMs());
  const shared = { clock, logger: silentLogger };
  const outbox = openMemoryOutbox({ uplinks: [sparkplugUplinkName], ...shared });
  const pipeline = new Pipeline({ table, outbox, ...shared });
  const uplink = new SparkplugUplink({
    site: 'tower',
    gateway: 'edge-1',
    url,
    bdSeq: new BdSeqStore(join(folder, 'bd-seq'), shared),
    table,
    pipeline,
    outbox,
    ...shared,
    ...options,
  });
  const until = (condition: () => boolean, stepMs = 20): Promise<void> =>
    eventually(
      () => {
        clock.advance(stepMs);
        if (!condition()) throw new Error(`not yet: ${condition}`);
      },
      { everyMs: 5 },
    );
  return {
    clock,
    outbox,
    pipeline,
    uplink,
    until,
    say(device, binding, value) {
      pipeline.raw(device, binding, { payload: value }, clock.nowMs());
      pipeline.settled(device, clock.nowMs());
    },
    drained: () =>
      (['live', 'safety'] as const).every(
        (lane) => outbox.committed(sparkplugUplinkName, lane) === outbox.position(lane),
      ),
    async stop() {
      await Promise.all([uplink.stop(), until(() => true)]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface SparkplugBed extends TestEdgeNode {
  broker: TestBroker;
  host: TestHost;
}

/** An edge node that is not started, and a bare host, on a broker of their own. */
export async function startSparkplugBed(
  table: PointTable,
  options: { primaryHost?: null } = {},
): Promise<SparkplugBed> {
  const broker = await startBroker();
  const host = await TestHost.connect(broker.url);
  const node = testEdgeNode(broker.url, table, options);
  return {
    ...node,
    broker,
    host,
    async stop() {
      await node.stop();
      await host.close();
      await broker.close();
    },
  };
}
