import type { BenchOptions } from '../bed/bench-bed.ts';
import { floats } from '../bed/fleet-addresses.ts';
import type { Figure } from '../report.ts';
import { runFleet } from './fleet-run.ts';
import { memoryFigures } from './gateway-fleet.ts';

/** Resident memory of the whole gateway at 10 k and at 120 k points that all change every second. */
export async function gatewayMemory(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const points of [10_000, 120_000]) {
    const seconds = Math.min(options.seconds, 20);
    const gateway = await runFleet(Math.ceil(points / floats), { ...options, seconds, peer: false });
    figures.push(...memoryFigures(gateway));
  }
  return figures;
}
