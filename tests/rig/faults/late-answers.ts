import { merged, step } from './exchange.ts';
import { everyWire, type UnitFault } from './unit-fault.ts';

/** The latest come after four time-outs: what is later than five, a gateway may take for lost where no id tells answers apart. */
export const lateAnswers: readonly UnitFault[] = [
  { name: 'late', wires: everyWire, answer: (x) => [step(x.lateMs(), x.reply({ mayStore: 'late' }))] },
  {
    name: 'late, the next in time',
    wires: everyWire,
    answer: (x) => [
      x.turn % 2 === 0 ? step(x.lateMs(), x.reply({ mayStore: 'late' })) : step(x.turnAroundMs(), x.right()),
    ],
  },
  {
    name: 'several time-outs late',
    wires: everyWire,
    answer: (x) => [step(Math.round(x.options.timeoutMs * (2 + 2 * x.random.next())), x.reply({ mayStore: 'late' }))],
  },
  {
    // A gateway that has fallen behind its bus: each answer comes when the one after next is asked for.
    name: 'always as late',
    wires: everyWire,
    answer: (x) => [step(Math.round(x.options.timeoutMs * 2.5), x.reply({ mayStore: 'late' }))],
  },
  {
    name: 'second half late',
    wires: everyWire,
    answer: (x) => {
      const { bytes, servings } = x.reply({ mayStore: 'late' });
      const cut = x.random.within(1, bytes.length - 1);
      return [
        { afterMs: x.turnAroundMs(), bytes: bytes.subarray(0, cut), more: true },
        { afterMs: x.lateMs(), bytes: bytes.subarray(cut), servings },
      ];
    },
  },
  {
    name: 'late, in one segment with the next',
    wires: ['tcp'],
    answer: (x) => {
      const { memory } = x.options;
      if (memory.held === undefined) {
        memory.held = x.reply({ mayStore: 'late' });
        return [];
      }
      const both = merged(memory.held, x.right());
      delete memory.held;
      return [step(x.turnAroundMs(), both)];
    },
  },
];
