import { type AlarmDefinition, deviceOfflineName, gatewayOfflineName } from '@plantroom/contracts';
import { channelGuidance, connectionGuidance, offlineGuidance, outboxGuidance } from './system-texts.ts';
import {
  brokerGuidance,
  signalGuidance,
  unwatchedByConnection,
  unwatchedByDevice,
  unwatchedByGateway,
  unwatchedByLane,
  unwatchedByOutbox,
} from './watchdog-texts.ts';

/** Whether life-safety alarms hang on the link: then its own alarm counts as life safety, and nothing hides it. */
export interface Watching {
  watches: boolean;
}

/** A link that is back within this time was no outage (a restart, a roaming modem). */
const deviceOfflineDelayMs = 5_000;
const gatewayOfflineDelayMs = 10_000;
/** The devices of a connection are given up one after the other. */
export const givenUpMs = 60_000;
/** What is read through a link comes back one after the other. */
export const linkSettleMs = 60_000;
/** EN 54-2 gives a fire panel 100 s to tell a fault: a missed poll, and this. */
const signalDelayMs = 60_000;
/** A broker that is started again is back by then, and so is the server's connection to it. */
const brokerDelayMs = 30_000;
/** What a lost link hides: that others are not heard. What they said before stands. */
const silence: string[] = ['offline', 'no-data'];

interface DeviceForAlarms {
  id: string;
  equipment: readonly string[];
}

/** A loose terminal: lost twice within a quarter of an hour, it is back when it has been heard for ten minutes. A single loss returns at once. */
const looseContact = { times: 2, withinMs: 900_000, steadyMs: 600_000 };

export function deviceDefinition(device: DeviceForAlarms, { watches }: Watching): AlarmDefinition {
  return {
    ...offline(device.id, deviceOfflineDelayMs),
    chatter: looseContact,
    equipment: onlyEquipment(device),
    priority: watches ? 'high' : 'medium',
    lifeSafety: watches,
    guidance: watches ? unwatchedByDevice : offlineGuidance(deviceOfflineName, 'device'),
    causeWaitMs: givenUpMs,
    suppresses: [{ over: ['device'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
  };
}

/** One alarm for all life-safety signals that a device delivers no more although it is there. */
export function signalDefinition(device: DeviceForAlarms): AlarmDefinition {
  const id = signalSource(device.id);
  return {
    ...offline(id, signalDelayMs),
    id,
    equipment: onlyEquipment(device),
    priority: 'high',
    lifeSafety: true,
    condition: { type: 'off-normal', values: [true] },
    guidance: signalGuidance,
  };
}

function onlyEquipment({ equipment: [only, ...others] }: DeviceForAlarms): string | null {
  return only !== undefined && others.length === 0 ? only : null;
}

/** One alarm for a connection on which nothing answers; for one device alone that device's says it. */
export function connectionDefinition(id: string, { watches }: Watching): AlarmDefinition {
  const { connection = '' } = parseConnectionId(id) ?? {};
  return {
    ...offline(id, deviceOfflineDelayMs),
    equipment: null,
    priority: 'high',
    lifeSafety: watches,
    guidance: watches ? unwatchedByConnection(connection) : connectionGuidance(connection),
    suppresses: [{ over: ['connection'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
  };
}

export function gatewayDefinitions(gateway: string, { watches }: Watching): AlarmDefinition[] {
  const ofGateway = { equipment: null, priority: 'high' } as const;
  const lane = laneSource(gateway);
  const laneDefinition: AlarmDefinition = {
    ...offline(lane, 0),
    ...ofGateway,
    id: lane,
    lifeSafety: true,
    condition: { type: 'off-normal', values: [true] },
    guidance: unwatchedByLane,
  };
  return [
    ...(watches ? [laneDefinition] : []),
    {
      ...offline(gateway, gatewayOfflineDelayMs),
      ...ofGateway,
      lifeSafety: watches,
      guidance: watches ? unwatchedByGateway : offlineGuidance(gatewayOfflineName, 'gateway'),
      suppresses: [{ over: ['gateway'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
    },
    {
      ...offline(outboxSource(gateway), 0),
      ...ofGateway,
      id: outboxSource(gateway),
      lifeSafety: watches,
      condition: { type: 'off-normal', values: [true] },
      guidance: watches ? unwatchedByOutbox : outboxGuidance,
    },
  ];
}

/** Nothing of any gateway comes to a server that has lost its broker. */
export function brokerDefinition(site: string, { watches }: Watching): AlarmDefinition {
  const source = brokerSource(site);
  return {
    ...offline(source, brokerDelayMs),
    id: source,
    equipment: null,
    priority: 'high',
    lifeSafety: watches,
    guidance: brokerGuidance,
  };
}

/** `id` and `name` of a channel by which people are told. */
export function channelDefinition(site: string, { id, name }: { id: string; name: string }): AlarmDefinition {
  const source = channelSource(site, id);
  return {
    ...offline(source, 0),
    id: source,
    equipment: null,
    priority: 'high',
    condition: { type: 'off-normal', values: [true] },
    guidance: channelGuidance(name),
  };
}

/** What tells whether a notification channel fails: true when it does. No device has this id. */
export const channelSource = (site: string, channel: string): string => `${site}/notifications#channel/${channel}`;

/** The channel that an alarm is about; null: it is about something else. */
export function channelOfAlarm(alarm: string): string | null {
  return alarm.split('/notifications#channel/')[1] ?? null;
}

/** What tells whether the outbox of a gateway takes readings: true when it does not. No device has this id. */
export const outboxSource = (gateway: string): string => `${gateway}#outbox`;

/** What tells whether life-safety signals of a device that is there have no usable value. No device has this id. */
export const signalSource = (device: string): string => `${device}#life-safety`;

/** What tells whether the safety lane of a gateway is behind: true when it is. No device has this id. */
export const laneSource = (gateway: string): string => `${gateway}#safety-lane`;

/** What tells whether the server has its broker. No device has this id. */
export const brokerSource = (site: string): string => `${site}/server#broker`;

/** What tells whether anything answers on a connection. No device has this id. */
export const connectionId = (gateway: string, connection: string): string => `${gateway}#line/${connection}`;

export function parseConnectionId(id: string): { gateway: string; connection: string } | null {
  const [gateway, connection] = id.split('#line/');
  return gateway === undefined || connection === undefined ? null : { gateway, connection };
}

function offline(source: string, onDelayMs: number) {
  return {
    id: `${source}#offline`,
    source,
    origin: 'system' as const,
    enabled: true,
    condition: { type: 'offline' as const },
    onDelayMs,
    offDelayMs: 0,
    latching: false,
    lifeSafety: false,
    opensOrder: false,
  };
}
