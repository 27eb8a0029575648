import type { Tick } from '../tick.ts';
import { type Engine, engineData } from './generator-engine.ts';

/** What a set's controller watches. */
export const generatorAlarms = [
  'oil-pressure-low',
  'coolant-hot',
  'speed-low',
  'fail-to-start',
  'voltage-low',
  'frequency-low',
  'overcurrent',
  'battery-low',
  'fuel-low',
] as const;
export type GeneratorAlarm = (typeof generatorAlarms)[number];

/** By place in the list of limits. */
export interface Protection {
  /** Seconds that each limit has been passed. */
  seenS: number[];
  /** Shutdowns and trips hold until somebody resets them. */
  held: boolean[];
  failedToStart: boolean;
  /** Since the cause of what is held is gone, s. */
  clearS: number;
}

/** Coding of GenComm. */
export const alarmLevels = { none: 0, warning: 2, shutdown: 3, electricalTrip: 4 } as const;
type AlarmLevel = (typeof alarmLevels)[keyof typeof alarmLevels];

export interface ProtectionInput {
  id: string;
  engine: Engine;
  /** Some seconds after it has fired: before that neither oil pressure nor speed say anything. */
  isUp: boolean;
  volts: number;
  frequencyHz: number;
  /** Of the rated power. */
  loadShare: number;
  failedToStart: boolean;
  tick: Tick;
}

interface Limit {
  alarm: GeneratorAlarm;
  level: AlarmLevel;
  /** Seconds that it must be passed. */
  afterS: number;
  passed(input: ProtectionInput): boolean;
}

/** As such sets are delivered: kPa, °C, rpm, V, Hz. */
const limits: readonly Limit[] = [
  { alarm: 'oil-pressure-low', level: 2, afterS: 2, passed: ({ isUp, engine }) => isUp && engine.oilKpa < 172 },
  { alarm: 'oil-pressure-low', level: 3, afterS: 2, passed: ({ isUp, engine }) => isUp && engine.oilKpa < 103 },
  { alarm: 'coolant-hot', level: 2, afterS: 2, passed: ({ engine }) => engine.coolantC > 100 },
  { alarm: 'coolant-hot', level: 3, afterS: 2, passed: ({ engine }) => engine.coolantC > 106 },
  { alarm: 'speed-low', level: 3, afterS: 3, passed: ({ isUp, engine }) => isUp && engine.speedRpm < 1200 },
  { alarm: 'voltage-low', level: 4, afterS: 5, passed: ({ isUp, volts }) => isUp && volts < 184 },
  { alarm: 'frequency-low', level: 4, afterS: 5, passed: ({ isUp, frequencyHz }) => isUp && frequencyHz < 42 },
  { alarm: 'overcurrent', level: 4, afterS: 30, passed: ({ loadShare }) => loadShare > 1.1 },
  { alarm: 'battery-low', level: 2, afterS: 60, passed: ({ engine }) => engine.batteryV < 23.5 },
  { alarm: 'fuel-low', level: 2, afterS: 60, passed: ({ engine }) => engine.fuelL < 0.15 * engineData.tankL },
];

/** While one of these stands nobody resets what has stopped the set. */
const causes = [
  'oil-leak',
  'radiator-blocked',
  'starter-battery-aged',
  'governor-fault',
  'voltage-regulator-failed',
  'fuel-leak',
] as const;
const resetAfterS = 300;

export function newProtection(): Protection {
  return { seenS: limits.map(() => 0), held: limits.map(() => false), failedToStart: false, clearS: 0 };
}

export function stepProtection(before: Protection, input: ProtectionInput): Protection {
  const { id, tick } = input;
  const seenS = limits.map((limit, i) => (limit.passed(input) ? (before.seenS[i] ?? 0) + tick.dtS : 0));
  const held = limits.map(
    ({ level, afterS }, i) => level > alarmLevels.warning && (before.held[i] === true || (seenS[i] ?? 0) >= afterS),
  );
  const failedToStart = before.failedToStart || input.failedToStart;
  if (!failedToStart && !held.includes(true)) return { seenS, held, failedToStart: false, clearS: 0 };
  const standing = limits.some(({ level }, i) => level > alarmLevels.warning && (seenS[i] ?? 0) > 0);
  const clearS = standing || causes.some((fault) => tick.fault(id, fault) > 0) ? 0 : before.clearS + tick.dtS;
  return clearS < resetAfterS ? { seenS, held, failedToStart, clearS } : { ...newProtection(), seenS };
}

export const isLockedOut = ({ held, failedToStart }: Protection): boolean =>
  failedToStart || limits.some(({ level }, i) => level === alarmLevels.shutdown && held[i] === true);

export const isTripped = ({ held }: Protection): boolean =>
  limits.some(({ level }, i) => level === alarmLevels.electricalTrip && held[i] === true);

/** Worst level of an alarm now. */
export function levelOf({ seenS, held, failedToStart }: Protection, alarm: GeneratorAlarm): AlarmLevel {
  let worst: AlarmLevel = alarm === 'fail-to-start' && failedToStart ? alarmLevels.shutdown : alarmLevels.none;
  limits.forEach((limit, i) => {
    if (limit.alarm !== alarm || limit.level <= worst) return;
    if (held[i] === true || (limit.level === alarmLevels.warning && (seenS[i] ?? 0) >= limit.afterS))
      worst = limit.level;
  });
  return worst;
}
