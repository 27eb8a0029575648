import type { Reading } from '@plantroom/contracts';
import type { GatewayPoint, PointTable } from '../../pipeline/point-table.ts';

/** Readings of one device and, beside each, its point. */
export interface DeviceRun {
  points: GatewayPoint[];
  readings: Reading[];
}

/** In the order in which each device comes first. Points that are no longer configured have no birth, so no data either. */
export function byDevice(readings: readonly Reading[], table: PointTable): Map<number, DeviceRun> {
  const runs = new Map<number, DeviceRun>();
  for (const reading of readings) {
    const point = table.byId.get(reading.point);
    if (point === undefined) continue;
    let run = runs.get(point.deviceIndex);
    if (run === undefined) {
      run = { points: [], readings: [] };
      runs.set(point.deviceIndex, run);
    }
    run.points.push(point);
    run.readings.push(reading);
  }
  return runs;
}

/** Quality as it is compared with what a host was told. */
export function qualityOf({ quality, reason }: Reading): string {
  return reason === undefined ? quality : `${quality} ${reason}`;
}
