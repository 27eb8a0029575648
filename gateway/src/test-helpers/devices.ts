import type { PointBinding } from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../config/gateway-config.ts';

const name = { zh: '点', en: 'point' };

/** A binding whose decode takes the first raw word, or the payload's value, as it is; NaN is what a device says for "not available". */
export function testBinding(point: string, more: Partial<PointBinding> = {}): PointBinding {
  return {
    equipment: 'pump-1',
    class: 'pump',
    point,
    name,
    kind: 'number',
    unit: 'kPa',
    lane: 'live',
    range: null,
    deadband: 0,
    poll: 'normal',
    at: { protocol: 'modbus', table: 'holding', addresses: [0], length: 1 },
    decode(raw) {
      const value = 'payload' in raw ? (raw.payload as number | boolean | string | null | undefined) : raw[0];
      if (value === undefined) return undefined;
      if (value === null || Number.isNaN(value)) return { value: null, quality: 'bad', reason: 'device-error' };
      return { value, quality: 'good' };
    },
    ...more,
  };
}

export function testDevice(
  id: string,
  bindings: readonly PointBinding[],
  { silenceMs = 3000, protocol = 'modbus' }: { silenceMs?: number; protocol?: 'modbus' | 'mqtt' } = {},
): DeviceRuntime {
  return {
    id,
    profile: { profile: 'test/device', protocol } as DeviceRuntime['profile'],
    connection: 'line',
    unitId: 1,
    bindings,
    pollMs: { fast: 500, normal: 1000, slow: 10_000 },
    silenceMs: () => silenceMs,
    parameters: {},
  };
}
