import { type Exchange, type Frame, merged, type Step, step } from './exchange.ts';
import { everyWire, mbap, type UnitFault } from './unit-fault.ts';

/** Frames that are not what they say, and bytes that are no frame. */
export const damagedFrames: readonly UnitFault[] = [
  {
    name: 'wrong byte count',
    wires: everyWire,
    answer: (x) => only(x, x.reply({ countError: x.random.pick([-2, 2, 1, 100]) })),
  },
  {
    name: 'fewer registers than asked',
    wires: everyWire,
    answer: (x) => only(x, x.reply({ count: x.options.request.count - 2 })),
  },
  {
    name: 'more registers than asked',
    wires: everyWire,
    answer: (x) => only(x, x.reply({ count: x.options.request.count + 2 })),
  },
  {
    name: 'header says too long',
    wires: mbap,
    answer: (x) => only(x, x.reply({ head: { lengthError: x.random.within(1, 8) } })),
  },
  {
    name: 'header says too short',
    wires: mbap,
    answer: (x) => only(x, x.reply({ head: { lengthError: -x.random.within(1, 8) } })),
  },
  {
    name: 'end of the frame missing',
    wires: everyWire,
    answer: (x) => {
      const frame = x.reply();
      return only(x, { ...frame, bytes: frame.bytes.subarray(0, frame.bytes.length - x.random.within(1, 8)) });
    },
  },
  { name: 'CRC error', wires: ['rtu'], answer: (x) => only(x, flipped(x, x.reply())) },
  { name: 'noise before the answer', wires: ['rtu'], answer: (x) => only(x, merged(noise(x), x.right())) },
  { name: 'noise after the answer', wires: ['rtu'], answer: (x) => only(x, merged(x.right(), noise(x))) },
  {
    name: 'noise like the head of an answer',
    wires: ['rtu'],
    answer: (x) => {
      const { unit, code, count } = x.options.request;
      return only(x, merged({ bytes: Buffer.from([unit, code, count * 2]), servings: [] }, x.right()));
    },
  },
  { name: 'garbage', wires: everyWire, answer: (x) => only(x, { bytes: garbage(x), servings: [] }) },
];

function only(x: Exchange, frame: Frame): Step[] {
  return [step(x.turnAroundMs(), frame)];
}

function noise(x: Exchange): Frame {
  return { bytes: x.random.bytes(x.random.within(1, 8)), servings: [] };
}

/** One bit, anywhere behind the unit id. */
function flipped(x: Exchange, frame: Frame): Frame {
  const bytes = Buffer.from(frame.bytes);
  const at = x.random.within(1, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << x.random.within(0, 7));
  return { ...frame, bytes };
}

function garbage(x: Exchange): Buffer {
  const banner = Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  return x.random.pick([banner, Buffer.alloc(x.random.within(1, 40)), x.random.bytes(x.random.within(1, 300))]);
}
