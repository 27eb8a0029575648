import { damagedFrames } from './damaged-frames.ts';
import type { Exchange } from './exchange.ts';
import { step } from './exchange.ts';
import { foreignFrames } from './foreign-frames.ts';
import { lateAnswers } from './late-answers.ts';
import { segments } from './segments.ts';
import { everyWire, type UnitFault } from './unit-fault.ts';

/** Modbus Application Protocol 1.1b3, §7. */
const exceptionCodes = [1, 2, 3, 4, 5, 6, 8, 0x0a, 0x0b];

const refusals: UnitFault[] = [
  ...exceptionCodes.map((code) => ({
    name: `exception ${code}`,
    wires: everyWire,
    answer: (x: Exchange) => [step(x.turnAroundMs(), x.refusal(code))],
  })),
  {
    name: 'exception 2 now and then',
    wires: everyWire,
    answer: (x) => [step(x.turnAroundMs(), x.turn % 2 === 0 ? x.refusal(2) : x.right())],
  },
  {
    name: 'any exception now and then',
    wires: everyWire,
    answer: (x) => [step(x.turnAroundMs(), x.turn % 2 === 0 ? x.refusal(x.random.pick(exceptionCodes)) : x.right())],
  },
];

const values: UnitFault[] = [
  {
    name: 'not-available sentinel',
    wires: everyWire,
    answer: (x) => [step(x.turnAroundMs(), x.reply({ fill: 'sentinel', mayStore: 'yes' }))],
  },
  {
    name: 'zeros after a restart',
    wires: everyWire,
    answer: (x) => [step(x.turnAroundMs(), x.reply({ fill: 'zeros', mayStore: 'yes' }))],
  },
];

export const unitFaults: readonly UnitFault[] = [
  { name: 'silence', wires: everyWire, answer: () => [] },
  ...lateAnswers,
  ...segments,
  ...foreignFrames,
  ...damagedFrames,
  ...refusals,
  ...values,
];

export function unitFault(name: string): UnitFault {
  const found = unitFaults.find((fault) => fault.name === name);
  if (found === undefined)
    throw new Error(`no fault "${name}"; there are: ${unitFaults.map((f) => f.name).join(', ')}`);
  return found;
}
