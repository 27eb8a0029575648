import { PlantroomError } from './errors.ts';

/** Sparkplug B 3.0 topics (chapter 4): group = site, edge node = gateway, device = physical device. */
export const sparkplugNamespace = 'spBv1.0';

export const sparkplugMessageTypes = [
  'NBIRTH',
  'NDATA',
  'NDEATH',
  'NCMD',
  'DBIRTH',
  'DDATA',
  'DDEATH',
  'DCMD',
] as const;
export type SparkplugMessageType = (typeof sparkplugMessageTypes)[number];

export interface SparkplugTopic {
  group: string;
  type: SparkplugMessageType;
  node: string;
  /** Present for D* messages only. */
  device?: string;
}

export function sparkplugTopic(topic: SparkplugTopic): string {
  const head = `${sparkplugNamespace}/${topic.group}/${topic.type}/${topic.node}`;
  return topic.device === undefined ? head : `${head}/${topic.device}`;
}

export function sparkplugStateTopic(hostId: string): string {
  return `${sparkplugNamespace}/STATE/${hostId}`;
}

export function parseSparkplugTopic(text: string): SparkplugTopic {
  const [namespace, group, type, node, device, ...rest] = text.split('/');
  const known = sparkplugMessageTypes.find((t) => t === type);
  const ofDevice = known?.startsWith('D') === true;
  if (
    namespace !== sparkplugNamespace ||
    !group ||
    !known ||
    !node ||
    rest.length > 0 ||
    ofDevice !== (device !== undefined)
  ) {
    throw new PlantroomError(
      'TOPIC_INVALID',
      `topic "${text}" is not ${sparkplugNamespace}/<group>/<${sparkplugMessageTypes.join('|')}>/<node>[/<device>]`,
    );
  }
  return device === undefined ? { group, type: known, node } : { group, type: known, node, device };
}

/** Metric `<equipment>/<point>` of a device message. */
export function metricName(equipment: string, point: string): string {
  return `${equipment}/${point}`;
}

/**
 * Node metrics. `Node Control/*` are the standard's; `Plantroom/*` are ours, sent each second, and at once after life safety or a large burst:
 * the watermark is the wire time up to which the gateway has sent everything (rules of this gateway run up to it);
 * position and count per lane are what the host compares before it answers `Node Control/Stored To`.
 */
export const nodeMetrics = {
  bdSeq: 'bdSeq',
  rebirth: 'Node Control/Rebirth',
  storedTo: 'Node Control/Stored To',
  replayFrom: 'Node Control/Replay From',
  watermark: 'Plantroom/Watermark',
  positionOf: (lane: string) => `Plantroom/Position/${lane}`,
  countOf: (lane: string) => `Plantroom/Count/${lane}`,
  /**
   * While a backlog drains: the position behind the last reading that went ahead of it; else null. Between two reports the gateway sends of the one or
   * of the other, so that the host knows which of the two positions a reading belongs to.
   */
  aheadOf: (lane: string) => `Plantroom/Ahead/${lane}`,
  /** The request of the last `Replay From` that was obeyed since the birth; 0: none. Until it is its own, the host vouches for nothing. */
  replayedOf: (lane: string) => `Plantroom/Replayed/${lane}`,
  /** String, a `CommandOutcome` as JSON; in the birth the last end there was, null before the first. Its presence says that DCMD is obeyed. */
  commandOutcome: 'Plantroom/Command Outcome',
  /** String, an `OutboxReport` as JSON. */
  outbox: 'Plantroom/Outbox',
} as const;

/** Property keys of birth metrics and, where they change, of data metrics. */
export const metricProperties = {
  quality: 'Quality',
  reason: 'Reason',
  unit: 'unit',
  class: 'class',
  profile: 'profile',
  /** The gateway's line to the device, under the gateway's name for it; the same for all points of a device. */
  connection: 'connection',
  /** Ms after which the point counts as comm-lost when nothing came; UInt64. */
  silenceMs: 'silenceMs',
  deviceTimeMs: 'deviceTimeMs',
  lane: 'lane',
  /** On `Node Control/Replay From`: a number that the progress repeats once it is obeyed. */
  request: 'request',
  /** On `Node Control/Stored To` and `Replay From`: the host id of who says so. Only the primary host's word counts. Left out: it is taken for that. */
  host: 'host',
  /** True: computed by the gateway from other points of the equipment; Boolean. Left out: delivered by the device. */
  derived: 'derived',
  /** Boolean true: a DCMD may set this metric. */
  writable: 'writable',
  /** Double, in `unit`; absent: the device decides. */
  writeMin: 'writeMin',
  writeMax: 'writeMax',
  /** The only codes allowed, as a JSON list; absent: any. */
  writeValues: 'writeValues',
  /** On a metric of a DCMD: its id, by which the outcome is known and a repetition is no second write. Left out: the gateway makes one. */
  commandId: 'commandId',
  /** On a metric of a DCMD: the point id that is meant, so that an alias of an older birth can hit no other point. Left out: not checked. */
  commandPoint: 'commandPoint',
} as const;

/** The host id under which the server publishes STATE; gateways wait for it. */
export const defaultHostId = 'plantroom';

/** Line protocol: quality changes go to this measurement (tags site, equipment, point; fields `code` 0/192/500 and `reason`). */
export const qualityMeasurement = 'point_quality';
