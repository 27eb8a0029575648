import type { Tick } from '../tick.ts';
import { hypotenuse, lineVolts, type Meter, perPhase, phases } from './meter.ts';

/** A dip each four minutes that lasts a second, as from a large motor or a fault in the neighbourhood. */
const dipEveryS = 240;
/** A phase that is lost keeps a little voltage from the motors on the other two. */
const backFeed = 0.08;
/** A loose joint at full severity, Ω: it glows by then, with 15 V and some kilowatts at full load. */
const looseJointOhm = 0.15;
const cos = [1, -0.5, -0.5] as const;
const sin = [0, -Math.sqrt(3) / 2, Math.sqrt(3) / 2] as const;

/** Joint in L2 above this meter, Ω. */
export function jointOhm(id: string, tick: Tick): number {
  return looseJointOhm * tick.fault(id, 'loose-joint');
}

/** What stands on a busbar or at a meter's place. */
export interface Supplied {
  voltsV: number[];
  /** L1-L2, L2-L3, L3-L1. */
  lineV: number[];
}

export const dead: Readonly<Supplied> = { voltsV: [0, 0, 0], lineV: [0, 0, 0] };

/** Voltage at a meter's place out of what its supply has, by the faults of the supply above it. `last`: its load, one step ago. */
export function supplied(
  source: { voltsV: readonly number[]; lineV: readonly number[] },
  last: Meter,
  tick: Tick,
): Supplied {
  const { id } = last;
  const [a = 0, b = 0, c = 0] = source.voltsV;
  const [ab = 0, bc = 0, ca = 0] = source.lineV;
  if (tick.fault(id, 'supply-outage') > 0) return { ...dead };
  const dip = Math.floor(tick.nowMs / 1000) % dipEveryS === 0 ? 0.5 * tick.fault(id, 'voltage-dips') : 0;
  const level = (1 + 0.2 * (tick.fault(id, 'overvoltage') - tick.fault(id, 'undervoltage'))) * (1 - dip);
  const lost = (1 - backFeed) * tick.fault(id, 'phase-loss');
  const joint = jointOhm(id, tick);
  const dropV = joint === 0 || b < 1 ? 0 : (joint * hypotenuse(last.activeW[1] ?? 0, last.reactiveVar[1] ?? 0)) / b;
  const found = [a * level, b * level, c * level] as const;
  const l2 = Math.max(0, found[1] * (1 - lost) - dropV);
  const whole = l2 === found[1];
  const lineV = [
    whole ? ab * level : lineVolts(found[0], l2),
    whole ? bc * level : lineVolts(l2, found[2]),
    ca * level,
  ];
  const voltsV = [found[0], l2, found[2]];
  const open = tick.fault(id, 'broken-neutral');
  return { voltsV: open === 0 ? voltsV : floating(voltsV, last, open), lineV };
}

/** Without its neutral the star point goes where the loads pull it (Millman): the lightly loaded phases rise. */
function floating(volts: readonly number[], { activeW, voltsV }: Meter, open: number): number[] {
  let re = 0;
  let im = 0;
  let total = 0;
  for (const p of phases) {
    const v = voltsV[p] ?? 0;
    const siemens = v < 1 ? 0 : (activeW[p] ?? 0) / (v * v);
    re += siemens * (volts[p] ?? 0) * cos[p];
    im += siemens * (volts[p] ?? 0) * sin[p];
    total += siemens;
  }
  if (total < 1e-6) return [...volts];
  const shift = open / total;
  return perPhase((p) => {
    const v = volts[p] ?? 0;
    return hypotenuse(v * (cos[p] ?? 0) - re * shift, v * (sin[p] ?? 0) - im * shift);
  });
}
