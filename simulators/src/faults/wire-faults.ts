import type { PointValue } from '@plantroom/contracts';
import type { ValueFault } from '../wire/value-fault.ts';
import type { ConnectionFault, FrameFault, MessageFault, WireFault } from '../wire/wire-fault.ts';
import { type ActiveFault, levelOf } from './fault-board.ts';

/** At severity 1. */
const slowestMs = 3000;
const lossPercent = 100;
const bootMs = 30_000;
const clockStepMs = 24 * 3_600_000;
const driftShare = 0.2;
const noiseShare = 0.1;
const bounceShare = 0.5;
const rolloverUnits = 10;
/** A device that flaps says nothing in the first part of each such time, at severity 1 in the first half. */
export const flapCycleMs = 4 * 60_000;
const flapShare = 0.5;

/** Modbus Application Protocol V1.1b3, 7. */
const exceptionOf = {
  'wire-illegal-function': 1,
  'wire-illegal-address': 2,
  'wire-illegal-value': 3,
  'wire-exception': 4,
  'wire-busy': 6,
  'wire-path-unavailable': 10,
  'wire-target-silent': 11,
} as const;

interface Moment {
  active: ActiveFault;
  level: number;
  nowMs: number;
}

type Make = (moment: Moment) => WireFault | undefined;

const frame =
  (fault: FrameFault): Make =>
  () => ({ kind: 'frame', fault });
const message =
  (fault: MessageFault): Make =>
  ({ active, level }) => ({
    kind: 'message',
    fault,
    ...(active.point === undefined ? {} : { point: active.point }),
    ...(fault === 'clock' ? { stepMs: -level * clockStepMs } : {}),
  });

/** In order of weight: of several faults the first is what one notices. */
const made: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['wire-silence', () => ({ kind: 'silence' })],
  [
    'wire-restart',
    ({ active, level, nowMs }) => (nowMs - active.sinceMs < level * bootMs ? { kind: 'silence' } : undefined),
  ],
  [
    'wire-flap',
    ({ active, level, nowMs }) =>
      (nowMs - active.sinceMs) % flapCycleMs < level * flapShare * flapCycleMs ? { kind: 'silence' } : undefined,
  ],
  ...Object.entries(exceptionOf).map(([id, code]): [string, Make] => [
    id,
    // One register that is not there leaves the others as they are: see `refusedPoint`.
    ({ active }) => (active.point === undefined ? { kind: 'exception', code } : undefined),
  ]),
  ['wire-truncated', frame('truncated')],
  ['wire-corrupt', frame('corrupt')],
  ['wire-mismatch', frame('mismatch')],
  ['wire-other-unit', frame('other-unit')],
  ['wire-shifted', frame('shifted')],
  ['wire-duplicate', frame('duplicate')],
  ['wire-cut', frame('cut')],
  ['mqtt-garbage', message('garbage')],
  ['mqtt-missing', message('missing')],
  ['mqtt-types', message('types')],
  ['mqtt-duplicate', message('duplicate')],
  ['mqtt-reorder', message('reorder')],
  ['mqtt-clock', message('clock')],
  ['mqtt-retained', message('retained')],
  ['wire-slow', ({ level }) => ({ kind: 'slow', delayMs: Math.round(level * slowestMs) })],
  ['wire-loss', ({ level }) => ({ kind: 'loss', percent: level * lossPercent })],
  ['wire-stuck', ({ active }) => (active.point === undefined ? { kind: 'stuck' } : undefined)],
]);

const weight = new Map([...made.keys()].map((id, i) => [id, i]));

/** The fault on the wire of a device, from the faults of the equipment that it serves; of several the weightiest. */
export function wireFaultOf(
  equipment: readonly string[],
  active: readonly ActiveFault[],
  nowMs: number,
): WireFault | undefined {
  let found: WireFault | undefined;
  let foundWeight = Number.POSITIVE_INFINITY;
  for (const one of active) {
    const itsWeight = weight.get(one.fault);
    if (itsWeight === undefined || itsWeight >= foundWeight || !equipment.includes(one.equipment)) continue;
    const level = levelOf(one, nowMs);
    const fault = level > 0 ? made.get(one.fault)?.({ active: one, level, nowMs }) : undefined;
    if (fault === undefined) continue;
    found = fault;
    foundWeight = itsWeight;
  }
  return found;
}

/** What befalls the connection over which this equipment is read. */
export function connectionFaultOf(
  equipment: readonly string[],
  active: readonly ActiveFault[],
  nowMs: number,
): ConnectionFault | undefined {
  const has = (fault: string): boolean =>
    active.some((one) => one.fault === fault && equipment.includes(one.equipment) && levelOf(one, nowMs) > 0);
  if (has('wire-refused')) return 'refused';
  return has('wire-half-open') ? 'half-open' : undefined;
}

/** Whether the device refuses the registers of this point, and only these. */
export function isRefused(equipment: string, point: string, active: readonly ActiveFault[]): boolean {
  return active.some(
    (one) => one.fault === 'wire-illegal-address' && one.equipment === equipment && one.point === point,
  );
}

export interface FaultyTarget {
  equipment: string;
  point: string;
  isCounter: boolean;
  /** Where the counter begins again, in the class unit; left out: it has no end. */
  end?: number;
  nowMs: number;
  /** What it held when the fault came. */
  held(active: ActiveFault): PointValue;
}

/** What a device makes of the value of a point, in the order in which the faults came. */
export function valueFaultsOf(target: FaultyTarget, active: readonly ActiveFault[]): ValueFault[] {
  const faults: ValueFault[] = [];
  for (const one of active) {
    if (one.equipment !== target.equipment || (one.point !== undefined && one.point !== target.point)) continue;
    const fault = valueFault(one, target);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

function valueFault(active: ActiveFault, target: FaultyTarget): ValueFault | undefined {
  const level = levelOf(active, target.nowMs);
  if (level <= 0) return undefined;
  const held = (): number => Number(target.held(active));
  switch (active.fault) {
    case 'wire-stuck':
      return active.point === undefined ? undefined : { kind: 'held', value: target.held(active) };
    case 'wire-drift':
      return { kind: 'drift', share: level * driftShare };
    case 'wire-noise':
      return { kind: 'noise', share: level * noiseShare };
    case 'wire-invalid':
      return { kind: 'invalid' };
    case 'wire-bounce':
      return { kind: 'bounce', share: level * bounceShare };
    case 'wire-restart':
      return target.isCounter ? { kind: 'from-zero', held: held() } : undefined;
    case 'wire-rollover':
      return target.isCounter && target.end !== undefined
        ? { kind: 'rollover', held: held(), below: level * rolloverUnits, end: target.end }
        : undefined;
    default:
      return undefined;
  }
}
