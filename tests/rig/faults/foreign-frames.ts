import { frameOf } from '../wire/frames.ts';
import { type Exchange, type Frame, merged, type Step, step } from './exchange.ts';
import { everyWire, mbap, type UnitFault } from './unit-fault.ts';

/** No unit of any line of the rig. */
const stranger = 200;

/** Whole, undamaged frames that are no answer to the request, alone or before the right one. */
export const foreignFrames: readonly UnitFault[] = [
  {
    name: 'answer of another unit first',
    wires: everyWire,
    answer: (x) => {
      const { neighbour, previousId } = x.options;
      const old = x.reply({ from: neighbour, head: { transactionId: previousId } });
      const atMs = x.turnAroundMs();
      if (neighbour === x.options.device) return [step(atMs, x.right())];
      return x.turn % 2 === 0 ? [step(1, old), step(atMs, x.right())] : [step(atMs, merged(old, x.right()))];
    },
  },
  {
    name: 'answers swapped between units',
    wires: everyWire,
    answer: (x) => instead(x, { from: x.options.neighbour, head: { unit: other(x) } }),
  },
  { name: 'wrong unit id', wires: everyWire, answer: (x) => instead(x, { head: { unit: stranger } }) },
  {
    name: 'wrong function',
    wires: everyWire,
    answer: (x) => instead(x, { head: { code: x.options.request.code === 3 ? 4 : 3 } }),
  },
  { name: 'transaction id 0', wires: ['tcp'], answer: (x) => instead(x, { head: { transactionId: 0 } }) },
  {
    name: 'transaction id always the same',
    wires: ['tcp'],
    answer: (x) => instead(x, { head: { transactionId: x.options.request.transactionId === 2 ? 1 : 2 } }),
  },
  {
    name: 'transaction id of the request before',
    wires: ['tcp'],
    answer: (x) => instead(x, { head: { transactionId: before(x) } }),
  },
  {
    name: 'protocol id not 0',
    wires: mbap,
    answer: (x) => instead(x, { head: { protocolId: x.random.within(1, 0xffff) } }),
  },
  { name: 'echo of the request', wires: ['rtu'], answer: (x) => after(x, x.options.request.bytes) },
  { name: 'traffic of another master', wires: ['rtu'], answer: (x) => after(x, foreignTraffic(x)) },
];

function instead(x: Exchange, how: Parameters<Exchange['reply']>[0]): Step[] {
  return [step(x.turnAroundMs(), x.reply(how))];
}

/** The right answer, with these bytes ahead of it. */
function after(x: Exchange, bytes: Buffer): Step[] {
  const ahead: Frame = { bytes, servings: [] };
  const atMs = x.turnAroundMs();
  return x.turn % 2 === 0 ? [step(1, ahead), step(atMs, x.right())] : [step(atMs, merged(ahead, x.right()))];
}

function before(x: Exchange): number {
  const id = x.options.request.transactionId;
  return id === 1 ? 0xffff : id - 1;
}

/** On a line with one device there is nobody to swap with. */
function other(x: Exchange): number {
  return x.options.neighbour === x.options.device ? stranger : x.options.neighbour.unit;
}

/** A broadcast write, a question to a unit that is not ours, and its answer. */
function foreignTraffic(x: Exchange): Buffer {
  const { start, count, code } = x.options.request;
  const asked = Buffer.from([start >> 8, start & 0xff, count >> 8, count & 0xff]);
  const words = x.random.bytes(count * 2);
  return Buffer.concat([
    frameOf('rtu', { transactionId: 0, unit: 0, code: 6 }, Buffer.from([0, 1, 0, 2])),
    frameOf('rtu', { transactionId: 0, unit: stranger, code }, asked),
    frameOf('rtu', { transactionId: 0, unit: stranger, code }, Buffer.concat([Buffer.from([words.length]), words])),
  ]);
}
