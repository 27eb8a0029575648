import type { Problem } from '@plantroom/contracts';
import { driverRegistry } from '../drivers/registry.ts';
import type { ConfigSource } from './config-source.ts';
import type { ResolvedDevice } from './resolve-device.ts';

export interface Candidate extends ResolvedDevice {
  pointer: string;
}

/** What only shows between devices, or to a driver. In the order of the file: the later of two that contradict each other is left out. */
export function crossCheck(
  candidates: readonly Candidate[],
  source: ConfigSource,
): { sound: Candidate[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const sound: Candidate[] = [];
  const owners = new Map<string, string>();
  const classes = new Map<string, { of: string; device: string }>();
  for (const candidate of candidates) {
    const { device, connection, pointer } = candidate;
    const faults: Problem[] = [];
    const own = new Set<string>();
    for (const { equipment, point, class: of } of device.bindings) {
      const id = `${equipment}/${point}`;
      const owner = own.has(id) ? device.id : owners.get(id);
      own.add(id);
      if (owner !== undefined) {
        const message = `${id} comes from device "${owner}" already; name it under \`without\` of one of them`;
        faults.push(source.problem(`${pointer}/serves`, message));
      }
      const known = classes.get(equipment);
      if (known !== undefined && known.of !== of) {
        const message = `"${equipment}" is a ${of} here and a ${known.of} in device "${known.device}"`;
        if (!faults.some((f) => f.message === message)) faults.push(source.problem(`${pointer}/serves`, message));
      }
    }
    const driver = driverRegistry.find((entry) => entry.protocol === connection.protocol);
    for (const { path, message } of driver?.validate(connection, [device]) ?? []) {
      faults.push(source.problem(pointer + path, message));
    }
    problems.push(...faults);
    if (faults.length > 0) continue;
    sound.push(candidate);
    for (const id of own) owners.set(id, device.id);
    for (const { equipment, class: of } of device.bindings) classes.set(equipment, { of, device: device.id });
  }
  return { sound, problems };
}
