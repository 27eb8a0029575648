import type { Tick } from '../tick.ts';
import type { PumpWear } from './pump.ts';

/** What is wrong with the pump `id`, from the faults that are on. */
export function pumpWear(tick: Tick, id: string): PumpWear {
  const of = (fault: string): number => tick.fault(id, fault);
  return {
    bearing: of('bearing-wear'),
    motorBearing: of('motor-bearing-dry'),
    impeller: of('impeller-wear'),
    unbalance: of('unbalance'),
    misalignment: of('misalignment'),
    binding: of('motor-overload'),
    motorCooling: of('motor-cooling-blocked'),
    driveCooling: of('drive-cooling-blocked'),
    trip: of('pump-trip') > 0,
  };
}

/** kPa/(m³/h)² of a clean strainer and suction pipe. */
const cleanLoss = 0.004;
/** How many times the clean loss a clogged strainer has at full severity. */
const cloggedTimes = 70;
const shutShare = 0.995;

/** Suction pipe with strainer and valve: its loss, and whether anything comes through. */
export function suctionOf(tick: Tick, booster: string): { loss: number; isOpen: boolean } {
  const shut = tick.fault(booster, 'dry-run');
  const clogged = tick.fault(booster, 'strainer-clogged');
  // While one basket of the double strainer is cleaned, the other takes all.
  const baskets = tick.fault(booster, 'strainer-cleaning') > 0 ? 2 : 1;
  if (shut >= shutShare) return { loss: cleanLoss, isOpen: false };
  return {
    loss: (cleanLoss * baskets ** 2 * (1 + cloggedTimes * clogged ** 2)) / (1 - shut) ** 2,
    isOpen: true,
  };
}

/** What the discharge transmitter says of a pressure; `lastKpa`: what it said before. */
export function transmitterOf(
  tick: Tick,
  booster: string,
  { pressureKpa, lastKpa }: { pressureKpa: number; lastKpa: number },
): number {
  if (tick.fault(booster, 'pressure-sensor-stuck') > 0) return lastKpa;
  return Math.max(0, pressureKpa - 800 * tick.fault(booster, 'pressure-sensor-drift'));
}
