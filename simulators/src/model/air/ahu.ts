import type { Random } from '../random.ts';
import { lag, type Tick } from '../tick.ts';

/** A ventilation unit with a rotary exchanger, heater and cooler. Outputs in %. */
export interface Ahu {
  id: string;
  supplyFanPct: number;
  extractFanPct: number;
  supplyRpm: number;
  extractRpm: number;
  /** Share of the rated air flow that passes. */
  airflow: number;
  supplySetpointC: number;
  /** Given at the unit's registers; left out: the unit follows its return air. */
  givenSetpointC?: number;
  supplyC: number;
  extractC: number;
  outdoorC: number;
  heaterPct: number;
  coolerPct: number;
  exchangerPct: number;
  integral: number;
  filterLeftS: number;
  filterAlarm: boolean;
  supplyFanAlarm: boolean;
  powerW: number;
}

const filterLifeS = 180 * 86_400;
const ratedRpm = 2950;
/** What coil and exchanger can do at full output and rated air flow, K. */
const heaterLiftK = 18;
const coolerLiftK = 16;
const exchangerEfficiency = 0.72;

export function newAhu(id: string): Ahu {
  return {
    id,
    supplyFanPct: 30,
    extractFanPct: 30,
    supplyRpm: 880,
    extractRpm: 880,
    airflow: 0.3,
    supplySetpointC: 20,
    supplyC: 20,
    extractC: 22,
    outdoorC: 18,
    heaterPct: 0,
    coolerPct: 0,
    exchangerPct: 0,
    integral: 0,
    filterLeftS: filterLifeS * 0.6,
    filterAlarm: false,
    supplyFanAlarm: false,
    powerW: 0,
  };
}

export function stepAhu(
  ahu: Ahu,
  input: { outsideC: number; returnC: number; occupied: boolean; tick: Tick; random: Random },
): Ahu {
  const { tick, outsideC } = input;
  const { dtS } = tick;
  const clogged = tick.fault(ahu.id, 'filter-clogged');
  const failed = tick.fault(ahu.id, 'fan-failure') > 0;
  const wanted = input.occupied ? 70 : 30;
  // The controller turns the fan up against a clogged filter, and still less air passes.
  const supplyFanPct = failed
    ? 0
    : lag(ahu.supplyFanPct, Math.min(100, wanted * (1 + 0.4 * clogged)), { dtS, tauS: 15 });
  // Without supply air the unit stops its extract side as well.
  const extractFanPct = lag(ahu.extractFanPct, failed ? 0 : wanted, { dtS, tauS: 15 });
  const supplyRpm = lag(ahu.supplyRpm, (supplyFanPct / 100) * ratedRpm, { dtS, tauS: failed ? 4 : 2 });
  const airflow = (supplyRpm / ratedRpm) * (1 - 0.55 * clogged);

  const extractC = lag(ahu.extractC, input.returnC, { dtS, tauS: 60 });
  const supplySetpointC = ahu.givenSetpointC ?? clamp(20 + 0.9 * (22.5 - input.returnC), 15, 24);
  const error = supplySetpointC - ahu.supplyC;
  const integral = clamp(ahu.integral + 0.06 * error * dtS, -100, 100);
  const demand = failed ? 0 : clamp(integral + 4 * error, -100, 100);
  const useful = (extractC - outsideC) * demand > 0;
  const exchangerPct = useful ? Math.min(100, Math.abs(demand) * 2) : 0;
  const afterExchanger = outsideC + exchangerEfficiency * (exchangerPct / 100) * (extractC - outsideC);
  const heaterPct = demand > 50 ? (demand - 50) * 2 : useful || demand <= 0 ? 0 : demand;
  const coolerPct = demand < 0 && !useful ? -demand : demand < -50 ? (-demand - 50) * 2 : 0;
  const goal =
    airflow > 0.03 ? afterExchanger + (heaterLiftK * heaterPct - coolerLiftK * coolerPct) / 100 : input.returnC;
  const supplyC = lag(ahu.supplyC, goal, { dtS, tauS: airflow > 0.03 ? 45 : 300 }) + 0.01 * input.random.normal();
  const fansW = 2200 * ((supplyFanPct / 100) ** 3 + (extractFanPct / 100) ** 3);
  return {
    ...ahu,
    supplyFanPct,
    extractFanPct,
    supplyRpm,
    extractRpm: (extractFanPct / 100) * ratedRpm,
    airflow,
    supplySetpointC,
    supplyC,
    extractC,
    outdoorC: outsideC,
    heaterPct,
    coolerPct,
    exchangerPct,
    integral: failed ? 0 : integral,
    filterLeftS: ahu.filterLeftS <= 3600 ? filterLifeS : ahu.filterLeftS - (supplyFanPct > 5 ? dtS : 0),
    filterAlarm: clogged > 0.6,
    supplyFanAlarm: failed,
    // The heater is electric, the cooler's compressor needs about a third of what it moves.
    powerW: 150 + fansW + 26_000 * airflow * (heaterPct / 100) + 14_000 * airflow * (coolerPct / 100),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
