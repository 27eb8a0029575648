import {
  deviceTimeOf,
  type MqttAttributes,
  type MqttProfile,
  noticesOf,
  type PointBinding,
  type Presence,
  payloadPath,
  presencesOf,
} from '@plantroom/device-profiles';
import { tlvReader } from '@plantroom/device-profiles/decode';
import type { DeviceRuntime } from '../../config/gateway-config.ts';
import { parseDeviceTime } from './device-time.ts';
import { EventOrder } from './event-order.ts';
import { zoneOf } from './zone.ts';

export type MqttBinding = PointBinding & { at: MqttAttributes };
export interface MqttDevice extends DeviceRuntime {
  profile: MqttProfile;
  bindings: readonly MqttBinding[];
}

export function isMqttDevice(device: DeviceRuntime): device is MqttDevice {
  return device.profile.protocol === 'mqtt' && device.bindings.every((binding) => binding.at.protocol === 'mqtt');
}

type Read = (payload: unknown) => unknown;

/** What a message on one topic means to one device; everything that the profile says is compiled. */
export interface Route {
  device: MqttDevice;
  /** Empty when the topic tells no values. */
  bindings: readonly MqttBinding[];
  /** Some binding reaches into the payload, so that it must be a JSON object or array. */
  structured: boolean;
  deviceTimeMs: ((payload: unknown) => number | undefined) | undefined;
  /** Whether the event is new; shared by all topics of the device. */
  order: EventOrder | undefined;
  /** A binary payload decoded, and what of it could not be understood. */
  open: ((payload: unknown) => { payload: unknown; fault?: string }) | undefined;
  presence: PresenceRoute | undefined;
  notice: { what: string | undefined; code: Read; text: Read } | undefined;
}

export interface PresenceRoute extends Presence {
  read: Read;
  /** What each source of the device said last, by its place in the profile; undefined: nothing yet. */
  said: (boolean | undefined)[];
  index: number;
}

/** Topic → who listens to it; the keys are what to subscribe to. */
export function routesOf(devices: readonly MqttDevice[]): Map<string, Route[]> {
  const routes = new Map<string, Route[]>();
  for (const device of devices) {
    for (const [topic, route] of routesOfDevice(device)) {
      const others = routes.get(topic);
      if (others === undefined) routes.set(topic, [route]);
      else others.push(route);
    }
  }
  return routes;
}

function routesOfDevice(device: MqttDevice): Map<string, Route> {
  const { mqtt } = device.profile;
  const bindings = bindingsByTopic(device.bindings);
  const said: (boolean | undefined)[] = [];
  const presences = new Map(
    presencesOf(mqtt).map((presence, index) => {
      said[index] = undefined;
      return [
        fillTopic(presence.topic, device.parameters),
        { ...presence, read: payloadPath(presence.path ?? ''), said, index },
      ];
    }),
  );
  const notices = new Map(noticesOf(mqtt).map((notice) => [fillTopic(notice.topic, device.parameters), notice]));
  const shared = {
    device,
    deviceTimeMs: deviceTimeReader(device),
    order: mqtt.event && new EventOrder(mqtt.event),
    open: mqtt.codec && tlvReader(mqtt.codec),
  };
  const topics = new Set([...bindings.keys(), ...presences.keys(), ...notices.keys()]);
  return new Map(
    [...topics].map((topic) => {
      const own = bindings.get(topic) ?? [];
      const notice = notices.get(topic);
      const route: Route = {
        ...shared,
        bindings: own,
        structured: own.some(({ at }) => placesOf(at).some((place) => place.topic === topic && place.path !== '')),
        presence: presences.get(topic),
        notice: notice && {
          what: notice.what,
          code: payloadPath(notice.code ?? ''),
          text: payloadPath(notice.text ?? ''),
        },
      };
      return [topic, route];
    }),
  );
}

/** Every place where the point is told, the first one first. */
export const placesOf = (at: MqttAttributes): readonly { topic: string; path: string }[] => [at, ...(at.also ?? [])];

/** A point that is told on several topics is listed under each. */
function bindingsByTopic(bindings: readonly MqttBinding[]): Map<string, MqttBinding[]> {
  const byTopic = new Map<string, MqttBinding[]>();
  for (const binding of bindings) {
    for (const topic of new Set(placesOf(binding.at).map((place) => place.topic))) {
      const others = byTopic.get(topic);
      if (others === undefined) byTopic.set(topic, [binding]);
      else others.push(binding);
    }
  }
  return byTopic;
}

function deviceTimeReader(device: MqttDevice): Route['deviceTimeMs'] {
  const time = deviceTimeOf(device.profile.mqtt);
  if (time === undefined) return undefined;
  const read = payloadPath(time.path);
  const zone = zoneOf(zoneNameOf(device));
  return (payload) => parseDeviceTime(read(payload), zone);
}

/** `''`: none is known. */
export function zoneNameOf({ profile, parameters }: MqttDevice): string {
  return fillTopic(deviceTimeOf(profile.mqtt)?.zone ?? '', parameters);
}

/** `{name}` → the device's parameter of that name; one that is not there stays as it is written. */
export function fillTopic(template: string, parameters: DeviceRuntime['parameters']): string {
  return template.replace(/\{([^{}]+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
