import type { ModbusPoint } from '@plantroom/device-profiles';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RegisterBank } from '../modbus/register-bank.ts';
import { AskedRegisters, knownRequests, type Laid, markAlone, within } from './asked-registers.ts';
import { layingOf } from './laid-point.ts';

const size = 4;

/** Points that lie in few registers, so that many share theirs. */
const points = fc.array(
  fc.record({
    equipment: fc.constantFrom('a', 'b'),
    address: fc.nat(size - 2),
    type: fc.constantFrom('u16', 's32', 'f32'),
    field: fc.option(fc.record({ from: fc.nat(12), count: fc.integer({ min: 1, max: 4 }) }), { nil: undefined }),
    match: fc.option(
      fc.constantFrom([{ mask: 0x000f, value: 3 }], [{ mask: 0x00ff, value: 0 }], [{ mask: 0x0100, value: 0x0100 }]),
      { nil: undefined },
    ),
  }),
  { minLength: 1, maxLength: 5 },
);
const happenings = fc.array(
  fc.oneof(
    fc.record({ start: fc.nat(size - 2), count: fc.constantFrom(1, 2) }),
    fc.record({ of: fc.nat(7), value: fc.constantFrom(0, 3) }),
  ),
  { minLength: 20, maxLength: 80 },
);

test('what is asked for reads as if all of it were laid each time, whatever else was asked for meanwhile', () => {
  fc.assert(
    fc.property(points, happenings, (made, happened) => {
      const [bank, plainBank] = [0, 1].map(() => {
        const one = new RegisterBank();
        one.define('holding', 0, { count: size });
        return one;
      }) as [RegisterBank, RegisterBank];
      const values = made.map(() => 0);
      type Said = Record<string, number | boolean>;
      const states = new Map<string, Said>();
      const laidIn = (into: RegisterBank): Laid[] =>
        made.map(({ equipment, address, type, field, match }, i) => {
          const how = match === undefined ? { bits: type === 'f32' ? undefined : field } : { match };
          const at = { table: 'holding', address, type: match === undefined ? type : 'u16' };
          const point = { point: `p${i}`, at, ...how } as ModbusPoint;
          const value = () => (match === undefined ? (values[i] ?? 0) : (values[i] ?? 0) > 1);
          const lay = layingOf(point, { bank: into, addresses: [address], classUnit: 'none' });
          return { equipment, point, addresses: [address], read: value, lay, isAlone: false, held: undefined };
        });
      const tell = (): void => {
        for (const id of ['a', 'b']) {
          const said: Said = {};
          for (const { equipment, point, read } of plain) if (equipment === id) said[point.point] = read() as number;
          if (JSON.stringify(said) !== JSON.stringify(states.get(id))) states.set(id, said);
        }
      };
      const laid = laidIn(bank);
      const plain = laidIn(plainBank);
      tell();
      markAlone(laid, () => false);
      const known = knownRequests(
        (table, start, count) =>
          new AskedRegisters(bank.stretch(table, start, count), within(laid, table, { start, count }), {
            stateOf: (equipment) => () => states.get(equipment),
            layOwn: undefined,
          }),
      );
      let revision = 0;
      for (const what of happened) {
        if ('of' in what) {
          const at = what.of % made.length;
          values[at] = what.value;
          tell();
        } else {
          const { start, count } = what;
          known('holding', start, count).refresh(++revision);
          for (const one of within(plain, 'holding', what)) one.lay(one.read());
          expect([...bank.get('holding', start, count)]).toEqual([...plainBank.get('holding', start, count)]);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('a state that stays the same spares the reading, one that is not known does not', () => {
  const bank = new RegisterBank();
  bank.define('holding', 0, { count: 1 });
  let reads = 0;
  const known = { x: 7 };
  let state: typeof known | undefined = known;
  const point = { point: 'x', at: { table: 'holding', address: 0, type: 'u16' } } as ModbusPoint;
  const lay = layingOf(point, { bank, addresses: [0], classUnit: 'none' });
  const read = () => ++reads;
  const laid: Laid[] = [{ equipment: 'a', point, addresses: [0], read, lay, isAlone: true, held: undefined }];
  const asked = new AskedRegisters(bank.stretch('holding', 0, 1), laid, {
    stateOf: () => () => state,
    layOwn: undefined,
  });
  asked.refresh(1);
  asked.refresh(1);
  asked.refresh(2);
  expect([reads, ...bank.get('holding', 0, 1)]).toEqual([0, 7]);
  state = undefined;
  asked.refresh(3);
  asked.refresh(4);
  expect([reads, ...bank.get('holding', 0, 1)]).toEqual([2, 2]);
  state = known;
  asked.refresh(5);
  expect([reads, ...bank.get('holding', 0, 1)]).toEqual([2, 7]);
});
