import type { MqttAttributes, MqttProfile, PointBinding } from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../../config/gateway-config.ts';

export type MqttBinding = PointBinding & { at: MqttAttributes };
export interface MqttDevice extends DeviceRuntime {
  profile: MqttProfile;
  bindings: readonly MqttBinding[];
}

export function isMqttDevice(device: DeviceRuntime): device is MqttDevice {
  return device.profile.protocol === 'mqtt' && device.bindings.every((binding) => binding.at.protocol === 'mqtt');
}

/** What a message on one topic means to one device. */
export interface Route {
  device: MqttDevice;
  /** Empty when the topic only tells availability. */
  bindings: readonly MqttBinding[];
  /** Some binding reaches into the payload, so that it must be a JSON object or array. */
  structured: boolean;
  availability: NonNullable<MqttProfile['mqtt']['availability']> | undefined;
}

/** Topic → who listens to it; the keys are what to subscribe to. */
export function routesOf(devices: readonly MqttDevice[]): Map<string, Route[]> {
  const routes = new Map<string, Route[]>();
  for (const device of devices) {
    const { availability } = device.profile.mqtt;
    const availabilityTopic = availability && fillTopic(availability.topic, device.parameters);
    const topics = new Set(device.bindings.map((binding) => binding.at.topic));
    if (availabilityTopic !== undefined) topics.add(availabilityTopic);
    for (const topic of topics) {
      const bindings = device.bindings.filter((binding) => binding.at.topic === topic);
      const route: Route = {
        device,
        bindings,
        structured: bindings.some((binding) => binding.at.path !== ''),
        availability: topic === availabilityTopic ? availability : undefined,
      };
      routes.set(topic, [...(routes.get(topic) ?? []), route]);
    }
  }
  return routes;
}

/** `{name}` → the device's parameter of that name; one that is not there stays as it is written. */
export function fillTopic(template: string, parameters: DeviceRuntime['parameters']): string {
  return template.replace(/\{([^{}]+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
