import type { MqttProfile } from '@plantroom/device-profiles';
import { encodePayload, type MqttValue, place } from '../encode/encode-mqtt.ts';
import type { WireFault } from '../wire-fault.ts';

export interface MessageOptions {
  profile: MqttProfile;
  values: readonly MqttValue[];
  /** UTC ms, by the device's own clock when it is right. */
  nowMs: number;
  /** Messages of this device before this one. */
  count: number;
  fault: WireFault | undefined;
}

/** Does not change while the simulators run: the counter goes on. */
const session = '0a1b2c3d';
/** What a broken converter says in place of a value. */
const noValue = 'unavailable';

/** The payload of one message, stamped with what its profile stamps messages with, and spoiled by a fault of the message. Pure. */
export function sensorMessage({ profile, values, nowMs, count, fault }: MessageOptions): string {
  const spoiled = fault?.kind === 'message' ? fault : undefined;
  const isMeant = ({ point }: MqttValue): boolean => spoiled?.point === undefined || spoiled.point === point.point;
  const said = spoiled?.fault === 'missing' ? values.filter((value) => !isMeant(value)) : values;
  const text = encodePayload(said, stamps(profile, nowMs + (spoiled?.stepMs ?? 0), count));
  if (spoiled?.fault === 'garbage') return text.slice(0, Math.ceil((text.length * 2) / 3));
  if (spoiled?.fault !== 'types') return text;
  const meant = values.filter(isMeant);
  if (meant.some(({ point }) => point.at.path === '')) return noValue;
  const payload = JSON.parse(text) as Record<string, unknown>;
  for (const { point } of meant) place(payload, point.at.path.split('.'), noValue);
  return JSON.stringify(payload);
}

/** Time and event identity, where the profile says that messages carry them; a bare value carries nothing. */
function stamps({ mqtt, points }: MqttProfile, nowMs: number, count: number): Record<string, unknown> {
  const extra: Record<string, unknown> = {};
  if (points.every(({ at }) => at.path === '')) return extra;
  const at = (path: string | undefined, value: unknown): void => {
    if (path !== undefined) place(extra, path.split('.'), value);
  };
  at(typeof mqtt.time === 'string' ? mqtt.time : mqtt.time?.path, new Date(nowMs).toISOString());
  at(mqtt.event?.id, `${session}-${count}`);
  at(mqtt.event?.counter, count);
  at(mqtt.event?.session, session);
  return extra;
}
