import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { openMemoryOutbox } from '../outbox/memory-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { PointTable } from '../pipeline/point-table.ts';
import { SparkplugSession } from '../uplink/sparkplug/session.ts';
import type { SessionOptions } from '../uplink/sparkplug/session-options.ts';

export interface SessionBed {
  clock: VirtualClock;
  outbox: Outbox;
  session: SparkplugSession;
}

/** A session of node `edge-1` with a host that confirms; all devices are online, and nothing has been read before. */
export function testSession(table: PointTable, publish: (topic: string, payload: Uint8Array) => void): SessionBed {
  const clock = new VirtualClock();
  const outbox = openMemoryOutbox({ uplinks: ['sparkplug'], clock, logger: silentLogger });
  const options: SessionOptions = {
    uplink: 'sparkplug',
    group: 'tower',
    node: 'edge-1',
    bdSeq: 0,
    table,
    pipeline: { watermarkMs: () => clock.nowMs(), last: () => undefined, deviceState: () => 'online' },
    outbox,
    clock,
    publish: (topic, payload) => {
      publish(topic, payload);
      return Promise.resolve();
    },
    onSent: () => undefined,
  };
  return { clock, outbox, session: new SparkplugSession(options, { hostConfirms: true, outcomes: [] }) };
}
