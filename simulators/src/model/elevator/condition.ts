import { noFault, type Tick } from '../tick.ts';

/** State of a car's parts and what people do to it, each 0 (sound, not done) to 1; read from the faults once a second. */
export interface Condition {
  obstruction: number;
  doorWear: number;
  curtainDirt: number;
  lockOpen: number;
  lockWear: number;
  chainOpen: number;
  governorWear: number;
  encoder: number;
  brakeDrag: number;
  brakeStuck: number;
  brakeWear: number;
  guideFriction: number;
  tractionWear: number;
  levellingDrift: number;
  coolingBlocked: number;
  resistorOpen: number;
  loadCellDrift: number;
  busLoss: number;
  roomCooling: number;
  buttonStuck: number;
  held: number;
  inspection: number;
  independent: number;
  attendant: number;
  cleaning: number;
  lockedOff: number;
  recallTest: number;
  firefighter: number;
}

/** Ids of the fault catalogue. */
const sources: Readonly<Record<keyof Condition, string>> = {
  obstruction: 'door-obstruction',
  doorWear: 'door-operator-wear',
  curtainDirt: 'light-curtain-dirty',
  lockOpen: 'door-lock',
  lockWear: 'door-lock-wear',
  chainOpen: 'safety-circuit',
  governorWear: 'governor-wear',
  encoder: 'encoder-fault',
  brakeDrag: 'brake-drag',
  brakeStuck: 'brake-stuck',
  brakeWear: 'brake-wear',
  guideFriction: 'guide-friction',
  tractionWear: 'traction-wear',
  levellingDrift: 'levelling-drift',
  coolingBlocked: 'traction-drive-cooling',
  resistorOpen: 'brake-resistor-open',
  loadCellDrift: 'load-cell-drift',
  busLoss: 'car-bus-loss',
  roomCooling: 'machine-room-cooling',
  buttonStuck: 'call-button-stuck',
  held: 'held-door',
  inspection: 'elevator-inspection',
  independent: 'independent-service',
  attendant: 'attendant-service',
  cleaning: 'car-cleaning',
  lockedOff: 'locked-off',
  recallTest: 'recall-test',
  firefighter: 'firefighter-drill',
};
const parts = Object.entries(sources) as [keyof Condition, string][];

export const soundCondition: Readonly<Condition> = Object.fromEntries(parts.map(([part]) => [part, 0])) as Record<
  keyof Condition,
  number
>;

/** The same object while nothing changes: most seconds of most cars. */
export function conditionOf(id: string, before: Readonly<Condition>, tick: Tick): Readonly<Condition> {
  if (tick.fault === noFault) return soundCondition;
  let after: Condition = before;
  for (const [part, fault] of parts) {
    const level = tick.fault(id, fault);
    if (level === before[part]) continue;
    if (after === before) after = { ...before };
    after[part] = level;
  }
  return after;
}
