import { equipmentId, PlantroomError, pointId } from '@plantroom/contracts';
import type { DerivedBinding, PointBinding } from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../config/gateway-config.ts';

/** A point of this gateway with everything that pipeline and uplinks look up on the hot path. */
export interface GatewayPoint {
  /** Place in every array of per-point state. */
  index: number;
  /** Sparkplug alias: stays with the point, and never becomes another's, for as long as this process runs. */
  alias: number;
  /** `<site>/<equipment>/<point>` */
  id: string;
  device: string;
  /** Place of the device in the configuration. */
  deviceIndex: number;
  binding: PointBinding | DerivedBinding;
  /** Silence after which it is comm-lost, ms. */
  silenceMs: number;
  /** Silence after which its last value is stale, ms; Infinity where nothing is due at a known time (MQTT). */
  staleMs: number;
}

/** A point of the device that delivers its first input. */
export interface DerivedPoint extends GatewayPoint {
  binding: DerivedBinding;
  /** In the order of `binding.at.inputs`. */
  inputs: readonly GatewayPoint[];
}

/** Two polls that were missed, and half a period for a line that runs late. */
const stalePolls = 2.5;
/** Stale comes before lost, also where a profile gives its devices little time. */
const staleShareOfSilence = 0.8;

/** All points in the order of the configuration; built at start and at each reload. */
export interface PointTable {
  site: string;
  devices: readonly DeviceRuntime[];
  points: readonly GatewayPoint[];
  ofBinding: ReadonlyMap<PointBinding, GatewayPoint>;
  /** Points that are computed from others, inputs before what depends on them. */
  derived: readonly DerivedPoint[];
  byId: ReadonlyMap<string, GatewayPoint>;
  /** By the device's place in the configuration. */
  ofDevice: readonly (readonly GatewayPoint[])[];
  deviceIndex: ReadonlyMap<string, number>;
  /** Aliases from here on have never been used. */
  nextAlias: number;
}

/** Throws POINT_DOUBLE when two devices deliver the same point: each point has exactly one binding. */
export function pointTable(
  site: string,
  devices: readonly DeviceRuntime[],
  derivedBindings: readonly DerivedBinding[] = [],
  /** `former`: the table that this one takes the place of; a point that was in it keeps its alias. */
  { former }: { former?: PointTable } = {},
): PointTable {
  const points: GatewayPoint[] = [];
  let nextAlias = former?.nextAlias ?? 0;
  const aliasOf = (id: string): number => former?.byId.get(id)?.alias ?? nextAlias++;
  const byId = new Map<string, GatewayPoint>();
  const ofBinding = new Map<PointBinding, GatewayPoint>();
  const ofDevice = devices.map((device, deviceIndex): GatewayPoint[] =>
    device.bindings.map((binding) => {
      const id = pointId(site, binding.equipment, binding.point);
      const point: GatewayPoint = {
        index: points.length,
        alias: aliasOf(id),
        id,
        device: device.id,
        deviceIndex,
        binding,
        silenceMs: device.silenceMs(binding),
        staleMs: staleAfterMs(device, binding),
      };
      const other = byId.get(point.id);
      if (other !== undefined)
        throw new PlantroomError(
          'POINT_DOUBLE',
          `"${binding.point}" of "${equipmentId(site, binding.equipment)}" is delivered by "${other.device}" and by "${device.id}"; exactly one may`,
        );
      points.push(point);
      byId.set(point.id, point);
      ofBinding.set(binding, point);
      return point;
    }),
  );
  const derived: DerivedPoint[] = [];
  for (const binding of derivedBindings) {
    const inputs = binding.at.inputs.flatMap((input) => byId.get(pointId(site, binding.equipment, input)) ?? []);
    const [first] = inputs;
    if (first === undefined || inputs.length < binding.at.inputs.length) continue;
    const id = pointId(site, binding.equipment, binding.point);
    const point: DerivedPoint = {
      index: points.length,
      alias: aliasOf(id),
      id,
      device: first.device,
      deviceIndex: first.deviceIndex,
      binding,
      silenceMs: Math.max(...inputs.map((input) => input.silenceMs)),
      // Its inputs grow stale, and it with them.
      staleMs: Number.POSITIVE_INFINITY,
      inputs,
    };
    points.push(point);
    byId.set(point.id, point);
    ofDevice[first.deviceIndex]?.push(point);
    derived.push(point);
  }
  return {
    site,
    devices,
    points,
    derived,
    ofBinding,
    byId,
    ofDevice,
    deviceIndex: new Map(devices.map((device, index) => [device.id, index])),
    nextAlias,
  };
}

function staleAfterMs(device: DeviceRuntime, binding: PointBinding): number {
  if (device.profile.protocol !== 'modbus') return Number.POSITIVE_INFINITY;
  return Math.min(stalePolls * device.pollMs[binding.poll], staleShareOfSilence * device.silenceMs(binding));
}
