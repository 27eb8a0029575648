import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import type { PointBinding } from '@plantroom/device-profiles';
import { decodeModbus } from '../../../device-profiles/src/decode/decode-modbus.ts';
import type { DeviceRuntime } from '../../../gateway/src/config/gateway-config.ts';
import type { Outbox, StoredLane } from '../../../gateway/src/outbox/outbox.ts';
import { openSqliteOutbox } from '../../../gateway/src/outbox/sqlite-outbox.ts';
import { Pipeline } from '../../../gateway/src/pipeline/pipeline.ts';
import { type PointTable, pointTable } from '../../../gateway/src/pipeline/point-table.ts';
import { LineUplink, lineUplinkName } from '../../../gateway/src/uplink/line-protocol/line-uplink.ts';
import { SparkplugSession } from '../../../gateway/src/uplink/sparkplug/session.ts';
import { floats, registers } from './fleet-addresses.ts';

/** As the Sparkplug uplink names its cursor. */
const sparkplugUplinkName = 'sparkplug';

/** The batcher rests forty times as long after an append: 100 ms. */
const appendMs = 2.5;

/** Time that stands still but for what is asked of it, and for appends, which take as long as on a common disk. */
class WorkClock extends VirtualClock {
  #spentMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#spentMs;
  }

  spend(ms: number): void {
    this.#spentMs += ms;
  }
}

/** What the parts of the gateway behind the drivers do, one after the other and without sockets, so that CPU time can be told apart. */
export class WorkBed {
  readonly table: PointTable;
  readonly pipeline: Pipeline;
  readonly clock = new WorkClock();
  readonly outbox: Outbox;
  readonly session: SparkplugSession;
  readonly uplink: LineUplink;
  /** Called around each append. */
  appending: { before(): void; after(): void } = { before: () => undefined, after: () => undefined };
  lineBytes = 0;
  messageBytes = 0;

  constructor(folder: string, devices: number) {
    const { clock } = this;
    this.table = pointTable('bench-site', fleetOf(devices));
    this.outbox = openSqliteOutbox(join(folder, 'work.db'), {
      uplinks: [lineUplinkName, sparkplugUplinkName],
      clock,
      logger: silentLogger,
    });
    const shared = { table: this.table, outbox: this.outbox, clock, logger: silentLogger };
    this.pipeline = new Pipeline({ ...shared, outbox: this.#watched(this.outbox) });
    this.session = new SparkplugSession(
      {
        ...shared,
        uplink: sparkplugUplinkName,
        group: 'bench-site',
        node: 'bench-gateway',
        bdSeq: 0,
        pipeline: this.pipeline,
        publish: (_topic, payload) => {
          this.messageBytes += payload.length;
          return Promise.resolve();
        },
        onSent: () => undefined,
      },
      { hostConfirms: false, outcomes: [] },
    );
    const writer = {
      write: (lines: readonly string[]): Promise<void> => {
        this.lineBytes += Buffer.from(lines.join('\n')).length;
        return Promise.resolve();
      },
    };
    this.uplink = new LineUplink({ ...shared, writer });
  }

  async start(): Promise<void> {
    this.pipeline.start();
    await this.uplink.start();
  }

  /** One poll of this device, as the Modbus driver gives it. */
  poll(device: number, words: Uint16Array): void {
    const { id, bindings } = this.table.devices[device] as PointTable['devices'][number];
    const atMs = this.clock.nowMs();
    for (let i = 0; i < bindings.length; i++)
      this.pipeline.raw(id, bindings[i] as PointBinding, words.subarray(i * 2, i * 2 + 2), atMs);
    this.pipeline.settled(id, atMs);
  }

  /** Until the line protocol has everything; it gathers for a second. */
  async drainLines(): Promise<void> {
    while (this.outbox.committed(lineUplinkName, 'live') < this.outbox.position('live')) {
      this.clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async stop(): Promise<void> {
    this.pipeline.stop();
    await this.uplink.stop();
    this.outbox.close();
  }

  #watched(outbox: Outbox): Outbox {
    const append = (lane: StoredLane, readings: Parameters<Outbox['append']>[1]): number => {
      this.appending.before();
      const position = outbox.append(lane, readings);
      this.clock.spend(appendMs);
      this.appending.after();
      return position;
    };
    return new Proxy(outbox, {
      get: (target, name) => {
        if (name === 'append') return append;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

/** The devices of the fleet as its configuration makes them; built by hand, because reading the catalogue takes longer than the measurement. */
function fleetOf(devices: number): DeviceRuntime[] {
  const decodes = Array.from({ length: floats }, (_, i) =>
    decodeModbus(
      { point: `value-${i + 1}`, at: { table: 'holding', address: i * 2, type: 'f32' } },
      { kind: 'number', unit: 'none', order: 'ABCD', entries: [0] },
    ),
  );
  const binding = (equipment: string, i: number, decode: PointBinding['decode']): PointBinding => ({
    equipment,
    class: 'bench-meter',
    point: `value-${i + 1}`,
    name: { zh: '值', en: 'value' },
    kind: 'number',
    unit: 'none',
    lane: 'live',
    range: [-1e9, 1e9],
    deadband: 0,
    poll: 'normal',
    at: { protocol: 'modbus', table: 'holding', addresses: [i * 2], length: 2 },
    decode,
  });
  return Array.from({ length: devices }, (_, device) => ({
    id: `meter-${device}`,
    profile: { profile: 'bench/meter', protocol: 'modbus' } as DeviceRuntime['profile'],
    connection: 'line',
    unitId: 1,
    bindings: decodes.map((decode, i) => binding(`unit-${device}`, i, decode)),
    pollMs: { fast: 1000, normal: 1000, slow: 1000 },
    silenceMs: () => 3000,
    parameters: {},
  }));
}

/** Registers of some devices with other values each time, made beforehand. */
export function frames(count: number): Uint16Array[] {
  let noise = 1;
  return Array.from({ length: count }, () => {
    const words = new Uint16Array(registers);
    const view = new DataView(words.buffer);
    for (let i = 0; i < registers / 2; i++) {
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      view.setFloat32(i * 4, 100 + i * 10 + noise / 2 ** 32);
    }
    for (let i = 0; i < registers; i++) words[i] = view.getUint16(i * 2);
    return words;
  });
}
