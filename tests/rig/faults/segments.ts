import { merged, step } from './exchange.ts';
import { everyWire, type UnitFault } from './unit-fault.ts';

/** Right answers, delivered otherwise than one answer in one segment. */
export const segments: readonly UnitFault[] = [
  {
    name: 'byte by byte',
    wires: everyWire,
    answer: (x) => {
      const { bytes, servings } = x.right();
      const firstMs = x.turnAroundMs();
      return Array.from(bytes, (byte, i) => ({
        afterMs: firstMs + i,
        bytes: Buffer.from([byte]),
        ...(i === bytes.length - 1 ? { servings } : { more: true }),
      }));
    },
  },
  {
    name: 'in two segments',
    wires: everyWire,
    answer: (x) => {
      const { bytes, servings } = x.right();
      const cut = x.random.within(1, bytes.length - 1);
      const firstMs = x.turnAroundMs();
      return [
        { afterMs: firstMs, bytes: bytes.subarray(0, cut), more: true },
        { afterMs: firstMs + x.random.within(5, 30), bytes: bytes.subarray(cut), servings },
      ];
    },
  },
  {
    name: 'twice in one segment',
    wires: everyWire,
    answer: (x) => {
      const right = x.right();
      return [step(x.turnAroundMs(), merged(right, { bytes: right.bytes, servings: [] }))];
    },
  },
  {
    // Without ids nobody can tell the second from an answer to the next request.
    name: 'twice, one after the other',
    wires: ['tcp'],
    answer: (x) => {
      const right = x.right();
      const atMs = x.turnAroundMs();
      return [step(atMs, right), { afterMs: atMs + x.random.within(1, 10), bytes: right.bytes }];
    },
  },
];
