import type { PointBinding, RawValue } from '@plantroom/device-profiles';
import type { DriverSink, ReadFailure } from '../driver.ts';

export interface RecordedRaw {
  device: string;
  /** `<equipment>/<point>` */
  point: string;
  /** Words as an array, or the payload. */
  raw: unknown;
  wireTimeMs: number;
  extra?: { deviceTimeMs?: number; retained?: boolean };
}

/** A sink that writes down what it is given. */
export interface RecordingSink extends DriverSink {
  raws: RecordedRaw[];
  failures: { device: string; points: string[]; failure: ReadFailure }[];
  availabilities: { device: string; online: boolean }[];
  settledDevices: string[];
}

export function recordingSink(): RecordingSink {
  const sink: RecordingSink = {
    raws: [],
    failures: [],
    availabilities: [],
    settledDevices: [],
    raw: (device, binding, raw, wireTimeMs, extra) => {
      sink.raws.push({
        device,
        point: nameOf(binding),
        raw: plain(raw),
        wireTimeMs,
        ...(extra === undefined ? {} : { extra }),
      });
    },
    failed: (device, bindings, failure) => {
      sink.failures.push({ device, points: bindings.map(nameOf), failure });
    },
    availability: (device, online) => {
      sink.availabilities.push({ device, online });
    },
    settled: (device) => {
      sink.settledDevices.push(device);
    },
  };
  return sink;
}

const nameOf = (binding: PointBinding): string => `${binding.equipment}/${binding.point}`;

function plain(raw: RawValue): unknown {
  return 'payload' in raw ? raw.payload : Array.from(raw);
}
