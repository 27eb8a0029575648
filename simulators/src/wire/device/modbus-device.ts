import { PlantroomError, type PointValue } from '@plantroom/contracts';
import type { EquipmentClass, ModbusProfile, ModbusTable } from '@plantroom/device-profiles';
import { factorOf, factorWords, plainRaw } from '../encode/factors.ts';
import { registersOf } from '../encode/words.ts';
import type { ModbusUnit } from '../modbus/pdu.ts';
import { RegisterBank } from '../modbus/register-bank.ts';
import { addressesOf } from './address.ts';
import { AskedRegisters, knownRequests, type Laid, markAlone, within } from './asked-registers.ts';
import { layingOf } from './laid-point.ts';
import { pointWriter } from './point-writer.ts';
import { type ReaderOf, type ReadState, type ServedDevice, servedBy } from './served-device.ts';

/** Registers whose words are the device's own business: what a panel says about each detector, wired or not. */
export interface OwnRegisters {
  table: ModbusTable;
  start: number;
  count: number;
  /** Word of an address that nothing is said about. */
  background: number;
  /** Address → word, of all that may have changed since the last time. */
  words(): Iterable<readonly [number, number]>;
}

export interface ModbusDeviceOptions {
  device: ServedDevice & { profile: ModbusProfile };
  classes: ReadonlyMap<string, EquipmentClass>;
  readerOf: ReaderOf;
  /** Left out: everything comes from the profile's points. */
  own?: OwnRegisters;
  /** Rises whenever values may have changed: registers are laid anew only then. */
  revision(): number;
  /** How to read all of an equipment at once; asked once for each. Left out: each point is asked. */
  stateOf?(equipment: string): ReadState;
  /** The device answers with what it held; asked at each request. */
  stuck(): boolean;
  /** Which points it refuses the registers of; asked at each request. Left out, or undefined: none. */
  refusal?(): Refuses | undefined;
  onRead?(table: ModbusTable, start: number, count: number): void;
  /** Sets a point of the model; false: it takes no such value. Left out: the device cannot be written. */
  setValue?(equipment: string, point: string, value: number | boolean): boolean;
}

export type Refuses = (equipment: string, point: string) => boolean;

const unknownState: ReadState = () => undefined;

/** A device that answers as its profile says, with values from the model. Throws MODEL_INCOMPLETE when the model lacks a point. */
export function modbusDevice(options: ModbusDeviceOptions): ModbusUnit {
  const { device, own } = options;
  const { modbus } = device.profile;
  const bank = new RegisterBank();
  const laid = layOut(options, bank);
  if (own !== undefined) bank.define(own.table, own.start, { count: own.count, word: own.background });
  defineRegisters(bank, laid, modbus.maxGap ?? 0);
  const layOwn = (): void => {
    if (own === undefined) return;
    for (const [address, word] of own.words()) bank.put(own.table, address, { words: [word] });
  };
  const refresh = (): void => {
    for (const one of laid) {
      const value = one.read();
      one.lay(value);
      one.held = value;
    }
    layOwn();
  };
  // Factors never change.
  for (const { point } of laid)
    for (const scale of point.scaleBy ?? [])
      bank.put(scale.table ?? point.at.table, scale.address, {
        words: factorWords(scale, plainRaw(scale), modbus.order),
      });
  refresh();
  markAlone(laid, (table, address) => isOwn(own, table, address));
  const { stateOf = () => unknownState } = options;
  const asksFor = knownRequests((table, start, count) => {
    const hasOwn = own?.table === table && start < own.start + own.count && start + count > own.start;
    return new AskedRegisters(bank.stretch(table, start, count), within(laid, table, { start, count }), {
      stateOf,
      layOwn: hasOwn ? layOwn : undefined,
    });
  });
  const { onRead, refusal } = options;
  const writer = options.setValue === undefined ? undefined : pointWriter(options, options.setValue);
  return {
    limits: {
      ...(modbus.maxRegisters === undefined ? {} : { maxRegisters: modbus.maxRegisters }),
      ...(modbus.align === undefined ? {} : { align: modbus.align }),
    },
    registers(table, start, count) {
      // Only what is asked for is laid anew; a device that is stuck answers with what was read last.
      const asked = asksFor(table, start, count);
      if (!options.stuck()) asked.refresh(options.revision());
      return asked.stretch;
    },
    ...(onRead === undefined ? {} : { onRead }),
    ...(refusal === undefined
      ? {}
      : {
          refuses(table, start, count) {
            const refuses = refusal();
            if (refuses === undefined) return false;
            return asksFor(table, start, count).laid.some(({ equipment, point }) => refuses(equipment, point.point));
          },
        }),
    ...(writer === undefined
      ? {}
      : {
          write(table, start, words) {
            const refused = writer(table, start, words);
            // Read back at once, not with the model's next step.
            if (refused === undefined && !options.stuck()) refresh();
            return refused;
          },
        }),
  };
}

function layOut({ device, classes, own, readerOf }: ModbusDeviceOptions, bank: RegisterBank): Laid[] {
  const { order } = device.profile.modbus;
  const laid: Laid[] = [];
  for (const point of device.profile.points) {
    const factor = (point.scaleBy ?? []).reduce((all, scale) => all * (factorOf(scale, plainRaw(scale)) ?? 1), 1);
    for (const { role, equipment, parameters: ofServed } of servedBy(device, point.role)) {
      const parameters = { ...device.parameters, ...ofServed };
      const addresses = addressesOf(point, parameters);
      if (addresses.every((address) => isOwn(own, point.at.table, address))) continue;
      const classUnit = classes.get(device.profile.serves[role]?.class ?? '')?.points[point.point]?.unit;
      if (classUnit === undefined) throw incomplete(device.id, equipment, point.point);
      // A parameter moves the point's bits.
      const bit = point.bits?.plus === undefined ? 1 : parameters[point.bits.plus];
      const laying = { bank, addresses, classUnit, factor, bitShift: Number(bit) - 1 };
      const lay = layingOf(point, { ...laying, ...(order === undefined ? {} : { order }) });
      const readerOfPoint = readerOf(equipment, point.point);
      const read = (): PointValue => {
        const value = readerOfPoint();
        if (value === undefined) throw incomplete(device.id, equipment, point.point);
        return value;
      };
      laid.push({ equipment, point, addresses, read, lay, isAlone: false, held: undefined });
    }
  }
  // A number before what is read out of it as a pattern (a distance, and whether there is one).
  return laid.sort((a, b) => Number(a.point.match !== undefined) - Number(b.point.match !== undefined));
}

function isOwn(own: OwnRegisters | undefined, table: ModbusTable, address: number): boolean {
  return own?.table === table && address >= own.start && address < own.start + own.count;
}

/** Registers of points exist; so do gaps that the profile lets a block read over. Any other address is answered with exception 2. */
function defineRegisters(bank: RegisterBank, laid: readonly Laid[], maxGap: number): void {
  const spans = new Map<ModbusTable, [number, number][]>();
  for (const { point, addresses } of laid) {
    const length = registersOf(point.at.type, point.at.length);
    const list = spans.get(point.at.table) ?? [];
    for (const address of addresses) list.push([address, address + length]);
    spans.set(point.at.table, list);
    for (const scale of point.scaleBy ?? []) {
      const table = scale.table ?? point.at.table;
      const length = registersOf(scale.type);
      spans.set(table, [...(spans.get(table) ?? []), [scale.address, scale.address + length]]);
    }
  }
  for (const [table, list] of spans) {
    let end = Number.NEGATIVE_INFINITY;
    for (const [from, to] of list.sort((a, b) => a[0] - b[0])) {
      const start = from - end <= maxGap ? Math.min(end, from) : from;
      bank.define(table, start, { count: to - start });
      end = Math.max(end, to);
    }
  }
}

function incomplete(device: string, equipment: string, point: string): PlantroomError {
  return new PlantroomError('MODEL_INCOMPLETE', `device ${device}: nothing gives a value for ${equipment}/${point}`);
}
