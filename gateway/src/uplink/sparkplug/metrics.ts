import {
  type CommandOutcome,
  metricName,
  metricProperties,
  nodeMetrics,
  type OutboxReport,
  type Reading,
  sparkplugQuality,
} from '@plantroom/contracts';
import type { StoredLane } from '../../outbox/outbox.ts';
import type { GatewayPoint } from '../../pipeline/point-table.ts';
import type { TypeStr, UMetric, UPropertyValue } from './payload.ts';

/** As the contract allows. */
const maxRefusing = 500;
const types = { number: 'Double', counter: 'Double', enum: 'Int32', boolean: 'Boolean', string: 'String' } as const;

export function metricType({ binding }: GatewayPoint): TypeStr {
  return types[binding.kind];
}

/** A point in a DBIRTH: name, alias, type, and what a host cannot know otherwise. Without a reading it is null and bad/stale at `emptyMs`, which lies before every reading to come. */
export function birthMetric(
  point: GatewayPoint,
  reading: Reading | undefined,
  about: { profile: string; connection: string; emptyMs: number; writable: boolean },
): UMetric {
  const { binding } = point;
  const held: Reading = reading ?? {
    point: point.id,
    value: null,
    quality: 'bad',
    reason: 'stale',
    wireTimeMs: about.emptyMs,
  };
  return {
    name: metricName(binding.equipment, binding.point),
    alias: point.alias,
    type: metricType(point),
    value: metricValue(point, held),
    timestamp: held.wireTimeMs,
    properties: {
      ...qualityProperties(held),
      [metricProperties.unit]: { type: 'String', value: binding.unit },
      [metricProperties.class]: { type: 'String', value: binding.class },
      [metricProperties.profile]: { type: 'String', value: about.profile },
      [metricProperties.connection]: { type: 'String', value: about.connection },
      [metricProperties.silenceMs]: { type: 'UInt64', value: point.silenceMs },
      [metricProperties.lane]: { type: 'String', value: binding.lane },
      ...(binding.at.protocol === 'derived' ? { [metricProperties.derived]: { type: 'Boolean', value: true } } : {}),
      ...(about.writable ? writeProperties(point) : {}),
    },
  };
}

function writeProperties({ binding: { write } }: GatewayPoint): Record<string, UPropertyValue> {
  const properties: Record<string, UPropertyValue> = { [metricProperties.writable]: { type: 'Boolean', value: true } };
  if (write?.min !== undefined) properties[metricProperties.writeMin] = { type: 'Double', value: write.min };
  if (write?.max !== undefined) properties[metricProperties.writeMax] = { type: 'Double', value: write.max };
  if (write?.values !== undefined)
    properties[metricProperties.writeValues] = { type: 'String', value: JSON.stringify(write.values) };
  return properties;
}

function qualityProperties({ quality, reason, deviceTimeMs }: Reading): Record<string, UPropertyValue> {
  const properties: Record<string, UPropertyValue> = {
    [metricProperties.quality]: { type: 'Int32', value: sparkplugQuality[quality] },
  };
  if (reason !== undefined) properties[metricProperties.reason] = { type: 'String', value: reason };
  if (deviceTimeMs !== undefined) properties[metricProperties.deviceTimeMs] = { type: 'UInt64', value: deviceTimeMs };
  return properties;
}

function metricValue({ binding }: GatewayPoint, { value }: Reading): number | boolean | string | null {
  if (value === null) return null;
  if (binding.kind === 'boolean') return Boolean(value);
  return binding.kind === 'string' ? String(value) : Number(value);
}

export interface NodeProgress {
  /** Everything with a wire time up to here has been sent. */
  watermarkMs: number;
  /** Outbox position behind the last reading sent without a gap. */
  positions: Readonly<Record<StoredLane, number>>;
  /** Behind the last one sent ahead of the backlog of the live lane; undefined: there is none. */
  ahead: number | undefined;
  /** Readings sent since the birth. */
  counts: Record<StoredLane, number>;
  /** Request of the last replay obeyed since the birth. */
  replayed: Record<StoredLane, number>;
}

/** Node metrics that change: NDATA each second and after what cannot wait. By name: the standard asks for aliases nowhere. */
export function progressMetrics(
  { watermarkMs, positions, ahead, counts, replayed }: NodeProgress,
  nowMs: number,
): UMetric[] {
  const number = (name: string, value: number): UMetric => ({ name, type: 'UInt64', value, timestamp: nowMs });
  const watermark: UMetric = { name: nodeMetrics.watermark, type: 'DateTime', value: watermarkMs, timestamp: nowMs };
  return [
    watermark,
    ...(['safety', 'live'] as const).flatMap((lane) => [
      number(nodeMetrics.positionOf(lane), positions[lane]),
      number(nodeMetrics.countOf(lane), counts[lane]),
      number(nodeMetrics.replayedOf(lane), replayed[lane]),
    ]),
    // What is told later has to be in the birth.
    { name: nodeMetrics.aheadOf('live'), type: 'UInt64', value: ahead ?? null, timestamp: nowMs },
  ];
}

/** The commands that the host may send; in the birth, because data and commands may only name what was born. */
export function controlMetrics(nowMs: number): UMetric[] {
  return [
    { name: nodeMetrics.rebirth, type: 'Boolean', value: false, timestamp: nowMs },
    { name: nodeMetrics.storedTo, type: 'UInt64', value: null, timestamp: nowMs },
    { name: nodeMetrics.replayFrom, type: 'UInt64', value: null, timestamp: nowMs },
  ];
}

/** What came of commands, by name; null in a birth before the first. */
export function outcomeMetric(outcome: CommandOutcome | undefined, nowMs: number): UMetric {
  return {
    name: nodeMetrics.commandOutcome,
    type: 'String',
    value: outcome === undefined ? null : JSON.stringify(outcome),
    timestamp: outcome?.atMs ?? nowMs,
  };
}

/** What the outbox had to let go of, and whether it takes readings. */
export function outboxMetric(report: OutboxReport, nowMs: number): UMetric {
  const refusing = report.refusing?.slice(0, maxRefusing) ?? null;
  return { name: nodeMetrics.outbox, type: 'String', value: JSON.stringify({ ...report, refusing }), timestamp: nowMs };
}

export function bdSeqMetric(bdSeq: number, nowMs: number): UMetric {
  return { name: nodeMetrics.bdSeq, type: 'Int64', value: bdSeq, timestamp: nowMs };
}
