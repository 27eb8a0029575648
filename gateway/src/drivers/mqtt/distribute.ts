import type { Logger } from '@plantroom/contracts';
import { payloadPath } from '@plantroom/device-profiles';
import type { IPublishPacket } from 'mqtt';
import type { DriverSink } from '../driver.ts';
import type { Complaints } from './complaints.ts';
import { type Payload, readPayload, shown } from './payload.ts';
import { type MqttBinding, type PresenceRoute, placesOf, type Route } from './topic-routes.ts';

export interface Arrival {
  packet: IPublishPacket;
  /** When its bytes arrived, UTC ms. */
  atMs: number;
  sink: DriverSink;
  complaints: Complaints;
  logger: Logger;
}

/**
 * One message to everybody who listens to its topic. Records of the past inside a message are not read: the place of a reading is its
 * wire time, so a value of three hours ago would stand as the present one.
 */
export function distribute(routes: readonly Route[], arrival: Arrival): void {
  const { packet } = arrival;
  // An empty payload is how a retained message is deleted.
  if (packet.payload.length === 0) return;
  const payload = readPayload(packet.payload as Buffer);
  for (const route of routes) {
    if (payload.kind === 'unusable') {
      malformed(route, arrival, payload.why);
      continue;
    }
    const understood = route.presence === undefined || presence(route, route.presence, { payload, arrival });
    if (route.notice !== undefined) notice(route, payload, arrival);
    if (route.bindings.length > 0) values(route, payload, arrival);
    else if (!understood && route.presence !== undefined) {
      const { online, offline } = route.presence;
      malformed(route, arrival, `is not "${online}" or "${offline}": ${shown(payload.value)}`);
    }
  }
}

function values(route: Route, payload: Exclude<Payload, { kind: 'unusable' }>, arrival: Arrival): void {
  const { device, bindings } = route;
  const { packet, atMs, sink, complaints } = arrival;
  if (route.structured && (typeof payload.value !== 'object' || payload.value === null)) {
    malformed(route, arrival, `is not a JSON object: ${shown(payload.value)}`);
    return;
  }
  const { value } = payload;
  if (route.order !== undefined && !packet.retain && route.order.judge(value) !== 'new') return;
  const raw = { payload: value, topic: packet.topic };
  const deviceTimeMs = route.deviceTimeMs?.(value);
  const extra: { deviceTimeMs?: number; retained?: boolean } = {};
  if (deviceTimeMs !== undefined) extra.deviceTimeMs = deviceTimeMs;
  if (packet.retain) extra.retained = true;
  const opened = route.open?.(value);
  let wrong = opened?.fault === undefined ? undefined : `has ${opened.fault}`;
  for (const binding of bindings) {
    sink.raw(device.id, binding, raw, atMs, extra);
    if (binding.decode(raw)?.reason === 'device-error') {
      wrong ??= misfit(binding, { payload: opened?.payload ?? value, topic: packet.topic });
    }
  }
  if (wrong !== undefined) complaints.payload(device.id, packet.topic, sentence(arrival, wrong));
  else if (!complaints.none) complaints.mended(`${device.id} ${packet.topic}`);
}

/** Null is the device's own way to say that it has no value, and no fault of the message. */
function misfit(
  { point, at }: MqttBinding,
  { payload, topic }: { payload: unknown; topic: string },
): string | undefined {
  for (const { path } of placesOf(at).filter((place) => place.topic === topic)) {
    const found = payloadPath(path)(payload);
    if (found === undefined) continue;
    return found === null ? undefined : `has no value for "${point}" under "${path}": ${shown(found)}`;
  }
  return undefined;
}

/** True when the payload is one of the two words. */
function presence(
  { device }: Route,
  route: PresenceRoute,
  { payload, arrival }: { payload: Exclude<Payload, { kind: 'unusable' }>; arrival: Arrival },
): boolean {
  const { sink, packet, atMs, complaints } = arrival;
  // Where JSON is the rule, older firmware sends the bare word (zigbee2mqtt: plain text in legacy setups); a bare true is its text.
  const { value } = payload;
  const word = typeof value === 'object' ? route.read(value) : value;
  const text = typeof word === 'boolean' ? String(word) : word;
  if (text !== route.online && text !== route.offline) return false;
  complaints.mended(`${device.id} ${packet.topic}`);
  route.said[route.index] = text === route.online;
  sink.availability(device.id, !route.said.includes(false), atMs);
  return true;
}

function notice(route: Route, { value }: Exclude<Payload, { kind: 'unusable' }>, arrival: Arrival): void {
  const { what } = route.notice ?? {};
  const code = route.notice?.code(value);
  const text = route.notice?.text(value);
  const said = [what, code, text].filter((part) => part !== undefined).join(': ');
  const device = route.device.id;
  // What has happened is told each time (a device that joins the network every hour); a state, frame after frame the same, once for each code.
  if (what !== undefined) arrival.logger.info({ device }, `device ${device}: ${said}`);
  else if (said !== '' && arrival.complaints.isNew(`${device} notice ${String(code)}`)) {
    arrival.logger.warn({ device, code }, `device ${device}: ${said}`);
  }
}

function malformed(route: Route, arrival: Arrival, what: string): void {
  const { device, bindings } = route;
  const message = sentence(arrival, what);
  arrival.complaints.payload(device.id, arrival.packet.topic, message);
  if (bindings.length > 0) arrival.sink.failed(device.id, bindings, { kind: 'malformed', message }, arrival.atMs);
}

const sentence = ({ packet }: Arrival, what: string): string => `payload of topic "${packet.topic}" ${what}`;
