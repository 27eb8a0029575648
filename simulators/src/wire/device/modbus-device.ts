import { PlantroomError, type UnitName } from '@plantroom/contracts';
import type { ByteOrder, EquipmentClass, ModbusPoint, ModbusProfile, ModbusTable } from '@plantroom/device-profiles';
import { encodeModbus } from '../encode/encode-modbus.ts';
import { factorOf, factorWords, plainRaw } from '../encode/factors.ts';
import { fromWords, registersOf } from '../encode/words.ts';
import type { ModbusUnit } from '../modbus/pdu.ts';
import { RegisterBank } from '../modbus/register-bank.ts';
import { addressesOf } from './address.ts';
import { pointWriter } from './point-writer.ts';
import { type ServedDevice, servedBy, type ValueOf } from './served-device.ts';

/** Registers whose words are the device's own business: what a panel says about each detector, wired or not. */
export interface OwnRegisters {
  table: ModbusTable;
  start: number;
  count: number;
  /** Word of an address that nothing is said about. */
  background: number;
  /** Address → word, now. */
  words(): Iterable<readonly [number, number]>;
}

export interface ModbusDeviceOptions {
  device: ServedDevice & { profile: ModbusProfile };
  classes: ReadonlyMap<string, EquipmentClass>;
  valueOf: ValueOf;
  /** Left out: everything comes from the profile's points. */
  own?: OwnRegisters;
  /** Rises whenever values may have changed: registers are laid anew only then. */
  revision(): number;
  /** The device answers with what it held; asked at each request. */
  stuck(): boolean;
  /** Whether it refuses the registers of a point; asked at each request. Left out: it refuses none. */
  refuses?(equipment: string, point: string): boolean;
  onRead?(table: ModbusTable, start: number, count: number): void;
  /** Sets a point of the model; false: it takes no such value. Left out: the device cannot be written. */
  setValue?(equipment: string, point: string, value: number | boolean): boolean;
}

const maxKnownRequests = 1000;

/** A request that has been made before. */
interface Asked {
  laid: readonly Laid[];
  /** At which its points were laid. */
  revision: number;
}

interface Laid {
  equipment: string;
  point: ModbusPoint;
  classUnit: UnitName;
  addresses: number[];
  /** How far a parameter moves the point's bits. */
  bitShift: number;
}

/** A device that answers as its profile says, with values from the model. Throws MODEL_INCOMPLETE when the model lacks a point. */
export function modbusDevice(options: ModbusDeviceOptions): ModbusUnit {
  const { device, own } = options;
  const { modbus } = device.profile;
  const laid = layOut(options);
  const bank = new RegisterBank();
  if (own !== undefined) bank.define(own.table, own.start, { count: own.count, word: own.background });
  defineRegisters(bank, laid, modbus.maxGap ?? 0);
  const lay = ({ equipment, point, classUnit, addresses, bitShift }: Laid): void => {
    const value = options.valueOf(equipment, point.point);
    if (value === undefined) throw incomplete(device.id, equipment, point.point);
    const encoded = encodeModbus(point, value, {
      classUnit,
      factor: (point.scaleBy ?? []).reduce((product, scale) => product * (factorOf(scale, plainRaw(scale)) ?? 1), 1),
      bitShift,
      ...(modbus.order === undefined ? {} : { order: modbus.order }),
    });
    if (encoded === undefined) return;
    for (const address of addresses) {
      // Other points may lie in the same register: what says so already is left as it is.
      const so = point.match === undefined ? undefined : means(bank, { point, address, order: modbus.order });
      if (so === undefined || so !== value) bank.put(point.at.table, address, encoded);
    }
  };
  const layOwn = ({ table, words }: OwnRegisters): void => {
    for (const [address, word] of words()) bank.put(table, address, { words: [word] });
  };
  const refresh = (): void => {
    for (const one of laid) lay(one);
    if (own !== undefined) layOwn(own);
  };
  // Factors never change.
  for (const { point } of laid)
    for (const scale of point.scaleBy ?? [])
      bank.put(scale.table ?? point.at.table, scale.address, {
        words: factorWords(scale, plainRaw(scale), modbus.order),
      });
  refresh();
  const asksFor = requestsOf(laid);
  const { onRead, refuses } = options;
  const writer = options.setValue === undefined ? undefined : pointWriter(options, options.setValue);
  return {
    limits: {
      ...(modbus.maxRegisters === undefined ? {} : { maxRegisters: modbus.maxRegisters }),
      ...(modbus.align === undefined ? {} : { align: modbus.align }),
    },
    registers(table, start, count) {
      // Only what is asked for is laid anew; a device that is stuck answers with what was read last.
      if (options.stuck()) return bank;
      const asked = asksFor(table, start, count);
      const revision = options.revision();
      if (asked.revision !== revision) {
        asked.revision = revision;
        for (const one of asked.laid) lay(one);
        if (own?.table === table && start < own.start + own.count && start + count > own.start) layOwn(own);
      }
      return bank;
    },
    ...(onRead === undefined ? {} : { onRead }),
    ...(refuses === undefined
      ? {}
      : {
          refuses: (table, start, count) =>
            asksFor(table, start, count).laid.some(({ equipment, point }) => refuses(equipment, point.point)),
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

function layOut({ device, classes, own }: ModbusDeviceOptions): Laid[] {
  const laid: Laid[] = [];
  for (const point of device.profile.points) {
    for (const served of servedBy(device, point.role)) {
      const addresses = addressesOf(point, { ...device.parameters, ...served.parameters });
      if (own !== undefined && point.at.table === own.table && addresses.every((a) => isOwn(own, a))) continue;
      const classUnit = classes.get(device.profile.serves[served.role]?.class ?? '')?.points[point.point]?.unit;
      if (classUnit === undefined) throw incomplete(device.id, served.equipment, point.point);
      const bit = point.bits?.plus === undefined ? 1 : { ...device.parameters, ...served.parameters }[point.bits.plus];
      laid.push({ equipment: served.equipment, point, classUnit, addresses, bitShift: Number(bit) - 1 });
    }
  }
  // A number before what is read out of it as a pattern (a distance, and whether there is one).
  return laid.sort((a, b) => Number(a.point.match !== undefined) - Number(b.point.match !== undefined));
}

/** Whether the words at an address are one of the patterns of the point. */
function means(
  bank: RegisterBank,
  { point, address, order }: { point: ModbusPoint; address: number; order: ByteOrder | undefined },
): boolean {
  const { table, type, length, encoding } = point.at;
  const words = [...bank.get(table, address, registersOf(type, length))];
  const raw = fromWords(words, type, {
    order: point.at.order ?? order ?? 'ABCD',
    ...(encoding === undefined ? {} : { encoding }),
  });
  return (point.match ?? []).some(({ mask, value }) => (BigInt(raw) & BigInt(mask)) === BigInt(value));
}

/** The points that lie, wholly or in part, in what is asked for; requests are few, and the same again and again. */
function requestsOf(laid: readonly Laid[]): (table: ModbusTable, start: number, count: number) => Asked {
  const known = new Map<string, Asked>();
  return (table, start, count) => {
    const key = `${table} ${start} ${count}`;
    let asked = known.get(key);
    if (asked === undefined) {
      const within = laid.filter(({ point, addresses }) => {
        const length = registersOf(point.at.type, point.at.length);
        return point.at.table === table && addresses.some((at) => at < start + count && at + length > start);
      });
      asked = { laid: within, revision: Number.NaN };
      // Whoever reads at random must not fill the memory.
      if (known.size >= maxKnownRequests) known.clear();
      known.set(key, asked);
    }
    return asked;
  };
}

function isOwn(own: OwnRegisters, address: number): boolean {
  return address >= own.start && address < own.start + own.count;
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
