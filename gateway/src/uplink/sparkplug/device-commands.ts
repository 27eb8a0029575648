import { metricProperties, PlantroomError } from '@plantroom/contracts';
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js';
import type { DeviceCommand } from '../../commands/device-command.ts';
import { toNumber } from './payload.ts';

// The package's own decodePayload reads no value without a datatype, which commands may leave out
// (payloads-name-birth-data-requirement: it is required in births only). Its generated protobuf classes are used directly.
const { Payload } = proto.org.eclipse.tahu.protobuf;
type Metric = ReturnType<typeof Payload.decode>['metrics'][number];
type Property = NonNullable<NonNullable<Metric['properties']>['values']>[number];

/** Sparkplug 3.0, 6.4.16; those whose sign or width the wire does not show by itself. */
const signed: Readonly<Record<number, (raw: number) => number>> = {
  1: (raw) => (raw << 24) >> 24,
  2: (raw) => (raw << 16) >> 16,
  3: (raw) => raw | 0,
  0: (raw) => raw | 0,
};

/** The commands of one DCMD. Throws PAYLOAD_INVALID when the bytes are no Sparkplug payload. */
export function parseDeviceCommands(
  payload: Uint8Array,
  { device, retained }: { device: string; retained: boolean },
): DeviceCommand[] {
  let decoded: ReturnType<typeof Payload.decode>;
  try {
    decoded = Payload.decode(payload);
  } catch (cause) {
    throw new PlantroomError('PAYLOAD_INVALID', `${payload.length} bytes are no Sparkplug B payload`, { cause });
  }
  const payloadMs = timeOf(decoded);
  return decoded.metrics.map((metric) => ({
    id: textOf(metric, metricProperties.commandId),
    device,
    alias: own(metric, 'alias') === undefined ? undefined : toNumber(metric.alias),
    name: own(metric, 'name') ?? undefined,
    point: textOf(metric, metricProperties.commandPoint),
    value: valueIn(metric, metric.datatype ?? 0),
    sentMs: timeOf(metric) ?? payloadMs,
    retained,
  }));
}

function valueIn(holder: Metric | Property, type: number): DeviceCommand['value'] {
  if (holder.isNull === true) return null;
  const int = own(holder, 'intValue');
  if (int !== undefined) return (signed[type] ?? ((raw: number) => raw >>> 0))(int);
  if (own(holder, 'longValue') !== undefined) return longOf(holder.longValue, type);
  return (
    own(holder, 'floatValue') ?? own(holder, 'doubleValue') ?? own(holder, 'booleanValue') ?? own(holder, 'stringValue')
  );
}

/** Signed unless the type says otherwise. */
function longOf(value: unknown, type: number): number {
  const { low, high } = value as { low: number; high: number };
  if (typeof value === 'number') return value;
  const unsigned = type === 7 || type === 8 || type === 13;
  return (unsigned ? high >>> 0 : high | 0) * 4_294_967_296 + (low >>> 0);
}

function timeOf(holder: Pick<Metric, 'timestamp'>): number | undefined {
  return own(holder, 'timestamp') === undefined ? undefined : toNumber(holder.timestamp);
}

function textOf({ properties }: Metric, name: string): string | undefined {
  const index = properties?.keys?.indexOf(name) ?? -1;
  const property = index < 0 ? undefined : properties?.values?.[index];
  const text = property === undefined ? undefined : own(property, 'stringValue');
  return typeof text === 'string' && text !== '' ? text.slice(0, 200) : undefined;
}

/** What stands on the wire; a default of the schema is no value. */
function own<T extends object, K extends keyof T>(holder: T, key: K): NonNullable<T[K]> | undefined {
  return Object.hasOwn(holder, key) ? (holder[key] ?? undefined) : undefined;
}
