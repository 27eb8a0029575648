import { type AlarmDefinition, deviceOfflineName, gatewayOfflineName } from '@plantroom/contracts';
import { channelGuidance, connectionGuidance, offlineGuidance, outboxGuidance } from './system-texts.ts';

/** A link that is back within this time was no outage (a restart, a roaming modem). */
const deviceOfflineDelayMs = 5_000;
const gatewayOfflineDelayMs = 10_000;
const deviceCauseWaitMs = 60_000;
/** What is read through a link comes back one after the other. */
const linkSettleMs = 60_000;
/** What a lost link hides: that others are not heard. What they said before stands. */
const silence: string[] = ['offline', 'no-data'];

export function deviceDefinition(device: { id: string; equipment: readonly string[] }): AlarmDefinition {
  const [only, ...others] = device.equipment;
  return {
    ...offline(device.id, deviceOfflineDelayMs),
    equipment: only !== undefined && others.length === 0 ? only : null,
    priority: 'medium',
    guidance: offlineGuidance(deviceOfflineName, 'device'),
    // The devices of a connection are given up one after the other.
    causeWaitMs: deviceCauseWaitMs,
    suppresses: [{ over: ['device'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
  };
}

/** One alarm for a connection on which nothing answers; for one device alone that device's says it. */
export function connectionDefinition(id: string): AlarmDefinition {
  const { connection = '' } = parseConnectionId(id) ?? {};
  return {
    ...offline(id, deviceOfflineDelayMs),
    equipment: null,
    priority: 'high',
    guidance: connectionGuidance(connection),
    suppresses: [{ over: ['connection'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
  };
}

export function gatewayDefinitions(gateway: string): AlarmDefinition[] {
  const ofGateway = { equipment: null, priority: 'high' } as const;
  return [
    {
      ...offline(gateway, gatewayOfflineDelayMs),
      ...ofGateway,
      guidance: offlineGuidance(gatewayOfflineName, 'gateway'),
      suppresses: [{ over: ['gateway'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
    },
    {
      ...offline(outboxSource(gateway), 0),
      ...ofGateway,
      id: outboxSource(gateway),
      condition: { type: 'off-normal', values: [true] },
      guidance: outboxGuidance,
    },
  ];
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
