import type { Random } from '../random.ts';
import { lag, type Tick } from '../tick.ts';

/** Double-conversion UPS of the data room with a lead battery; three-phase in, 230 V out. */
export interface Ups {
  id: string;
  onBattery: boolean;
  onBypass: boolean;
  outputOff: boolean;
  inputOk: boolean;
  /** Time that the self test goes on, s; 0: none does. */
  testS: number;
  /** Until it tests its battery by itself, s. */
  nextTestS: number;
  testFailed: boolean;
  /** APC: cause of the last transfer. */
  transferCause: number;
  overloadS: number;
  batteryConnected: boolean;
  chargerFailed: boolean;
  inverterFailed: boolean;
  /** What the battery holds when it is full, Wh; less when it has aged. */
  fullWh: number;
  /** Energy in the battery, Wh. */
  storedWh: number;
  /** Totals since the model began: stored = start + charged − discharged, as long as the battery does not age. */
  chargedWh: number;
  dischargedWh: number;
  batteryC: number;
  roomC: number;
  loadW: number;
  inputW: number;
  inputV: number;
  inputHz: number;
  outputKwh: number;
}

export const upsData = {
  ratedW: 10_000,
  ratedVa: 10_000,
  capacityWh: 3600,
  cellsV: 192,
  outputV: 230,
  efficiency: 0.94,
  /** From battery to load. */
  inverterEfficiency: 0.95,
  idleW: 120,
  /** Double-conversion sets of this size take 110 to 276 V per phase. */
  inputLowV: 160,
  inputHighV: 276,
} as const;

/** Capacity for a slow discharge; at a fast one less can be drawn (Peukert, lead-acid). */
const peukertW = 3000;
const peukertPower = 0.15;
const chargeW = 400;
const usualLoadW = 6000;
const testForS = 10;
const testEveryS = 14 * 86_400;
/** The test load must leave this much of the time that a new battery has. */
const passShare = 0.4;
const overloadToBypassS = 60;
const imminentS = 120;
const roomC = 24;

const transferCauses = {
  highVoltage: 1,
  lowVoltage: 2,
  frequency: 6,
  acceptable: 8,
  test: 9,
  testEnded: 10,
} as const;

export function newUps(id: string, random: Random): Ups {
  return {
    id,
    onBattery: false,
    onBypass: false,
    outputOff: false,
    inputOk: true,
    testS: 0,
    nextTestS: testEveryS * (0.5 + 0.5 * random.next()),
    testFailed: false,
    transferCause: transferCauses.acceptable,
    overloadS: 0,
    batteryConnected: true,
    chargerFailed: false,
    inverterFailed: false,
    fullWh: upsData.capacityWh,
    storedWh: upsData.capacityWh,
    chargedWh: 0,
    dischargedWh: 0,
    batteryC: roomC + 1,
    roomC,
    loadW: usualLoadW,
    inputW: usualLoadW / upsData.efficiency,
    inputV: 226,
    inputHz: 50,
    outputKwh: 30_000 + random.below(20_000),
  };
}

/** Wh that the battery loses for each Wh that it gives at this power. */
const drain = (batteryW: number): number => (batteryW > peukertW ? (batteryW / peukertW) ** peukertPower : 1);

/** Time that the battery would carry the load, s. */
export function runtimeS({
  storedWh,
  loadW,
  batteryConnected,
}: Pick<Ups, 'storedWh' | 'loadW' | 'batteryConnected'>): number {
  if (!batteryConnected) return 0;
  const w = (Math.max(loadW, 100) + upsData.idleW) / upsData.inverterEfficiency;
  return (storedWh / (w * drain(w))) * 3600;
}

export const isImminent = (ups: Ups): boolean => ups.onBattery && ups.testS === 0 && runtimeS(ups) < imminentS;

export function stepUps(
  before: Ups,
  input: { volts: readonly number[]; frequencyHz: number; wander: number; tick: Tick },
): Ups {
  const { tick, volts, frequencyHz } = input;
  const { id } = before;
  const { dtS } = tick;
  const lowest = Math.min(volts[0] ?? 0, volts[1] ?? 0, volts[2] ?? 0);
  const highest = Math.max(volts[0] ?? 0, volts[1] ?? 0, volts[2] ?? 0);
  const inputOk = lowest > upsData.inputLowV && highest < upsData.inputHighV && frequencyHz > 45 && frequencyHz < 55;
  const batteryConnected = tick.fault(id, 'ups-battery-disconnected') === 0;
  const chargerFailed = tick.fault(id, 'ups-charger-failed') > 0;
  const wantedW = usualLoadW * (1 + input.wander) + 6000 * tick.fault(id, 'ups-overload');
  const overloadS = wantedW > upsData.ratedW ? before.overloadS + dtS : 0;
  const inverterFailed = tick.fault(id, 'ups-inverter-failed') > 0;
  const onBypass = inverterFailed || overloadS > overloadToBypassS;
  const test = stepTest(before, { asked: tick.fault(id, 'ups-self-test') > 0, possible: inputOk && !onBypass, dtS });
  const fullWh = upsData.capacityWh * (1 - 0.9 * tick.fault(id, 'ups-battery-aged'));
  const held = batteryConnected ? Math.min(before.storedWh, fullWh) : 0;

  const fromBattery = !onBypass && (!inputOk || test.testS > 0);
  const empty = held <= 0;
  // Without battery a test is refused at once and the load stays on the mains.
  const onBattery = fromBattery && !(empty && inputOk);
  const outputOff = onBypass ? !inputOk : onBattery && empty;
  const loadW = outputOff ? 0 : wantedW;
  const batteryW = onBattery && !outputOff ? (loadW + upsData.idleW) / upsData.inverterEfficiency : 0;
  const usedWh = Math.min(held, (batteryW * drain(batteryW) * dtS) / 3600);
  const charging = inputOk && !onBattery && batteryConnected && !chargerFailed;
  // Constant current, then less and less as it fills.
  const chargerW = charging ? Math.min(chargeW, Math.max(0, fullWh - held) * 4) : 0;
  const chargedWh = (chargerW * 0.9 * dtS) / 3600;
  const passed = runtimeS({ storedWh: fullWh, loadW: usualLoadW, batteryConnected }) > passShare * newRuntimeS;
  const ended = before.testS > 0 && test.testS === 0;
  const roomNowC = lag(before.roomC, roomC + 26 * tick.fault(id, 'ups-room-cooling-failed'), { dtS, tauS: 900 });
  return {
    id,
    onBattery,
    onBypass,
    outputOff,
    inputOk,
    testS: test.testS,
    nextTestS: test.nextTestS,
    testFailed: ended || (test.testS > 0 && empty) ? !passed : before.testFailed,
    transferCause: causeOf(before, { onBattery, testing: test.testS > 0, highest, frequencyHz }),
    overloadS,
    batteryConnected,
    chargerFailed,
    inverterFailed,
    fullWh,
    storedWh: batteryConnected ? held - usedWh + chargedWh : before.storedWh,
    chargedWh: before.chargedWh + chargedWh,
    dischargedWh: before.dischargedWh + usedWh,
    batteryC: lag(before.batteryC, roomNowC + 1 + (batteryW + chargerW) / 800, { dtS, tauS: 2400 }),
    roomC: roomNowC,
    loadW,
    inputW: inputOk && !onBattery ? loadW / (onBypass ? 1 : upsData.efficiency) + upsData.idleW + chargerW : 0,
    inputV: sumOf(volts) / 3,
    inputHz: frequencyHz,
    outputKwh: before.outputKwh + (loadW * dtS) / 3_600_000,
  };
}

const newRuntimeS = runtimeS({ storedWh: upsData.capacityWh, loadW: usualLoadW, batteryConnected: true });
const sumOf = ([a = 0, b = 0, c = 0]: readonly number[]): number => a + b + c;

/** Somebody asks for a test once, or it is due; while one is asked for it is not made again. */
function stepTest(
  before: Ups,
  { asked, possible, dtS }: { asked: boolean; possible: boolean; dtS: number },
): { testS: number; nextTestS: number } {
  const nextTestS = before.nextTestS - dtS;
  if (before.testS > 0) {
    const testS = possible && before.testS + dtS <= testForS ? before.testS + dtS : 0;
    return { testS, nextTestS: asked ? Number.MAX_SAFE_INTEGER : testEveryS };
  }
  if (before.nextTestS > testEveryS) return { testS: 0, nextTestS: asked ? before.nextTestS : testEveryS };
  return (asked || nextTestS <= 0) && possible ? { testS: dtS, nextTestS } : { testS: 0, nextTestS };
}

function causeOf(
  before: Ups,
  now: { onBattery: boolean; testing: boolean; highest: number; frequencyHz: number },
): number {
  if (now.onBattery === before.onBattery) return before.transferCause;
  if (!now.onBattery) return before.testS > 0 ? transferCauses.testEnded : transferCauses.acceptable;
  if (now.testing) return transferCauses.test;
  if (now.highest >= upsData.inputHighV) return transferCauses.highVoltage;
  return now.highest > upsData.inputLowV && (now.frequencyHz <= 45 || now.frequencyHz >= 55)
    ? transferCauses.frequency
    : transferCauses.lowVoltage;
}
