import { notAllowed } from './nearest.ts';
import type { ModbusPoint, ModbusProfile, ProfileParameter } from './profile-schema.ts';
import { isBitTable, rawBits, roleOf, wordsOf } from './raw-types.ts';

export type Say = (path: (string | number)[], message: string) => void;

/** The register map: tables, types, limits of a read, parameters in addresses. `used` collects the parameters it needs. */
export function checkModbus(profile: ModbusProfile, used: Set<string>, say: Say): void {
  const { maxRegisters = 125, forbidden = [], align = 1 } = profile.modbus;
  for (const [i, [first, last]] of forbidden.entries()) {
    if (first > last) say(['modbus', 'forbidden', i], `[${first}, ${last}] must rise`);
  }
  for (const [i, point] of profile.points.entries()) {
    const say1 = (field: string[], message: string) => say(['points', i, ...field], message);
    const words = wordsOf(point);
    if (words > maxRegisters) say1(['at', 'type'], `needs ${words} registers, one read takes at most ${maxRegisters}`);
    if (isBitTable(point) !== (point.at.type === 'bool') && isBitTable(point)) {
      say1(['at', 'type'], notAllowed(point.at.type, `a type of table ${point.at.table}.`, ['bool']));
    }
    if ((point.at.type === 'string') !== (point.at.length !== undefined)) {
      say1(['at', 'length'], 'a string needs its length in registers, and only a string has one');
    }
    if (point.at.radix !== undefined && !['u32', 'u64'].includes(point.at.type)) {
      say1(['at', 'radix'], `radix needs u32 or u64, not ${point.at.type}`);
    }
    for (const start of [point.at, ...(point.at.also ?? [])]) {
      const last = start.address + words - 1;
      if (last > 65535) say1(['at', 'address'], `registers ${start.address} to ${last} exceed 65535`);
      if (start.address % align !== 0) say1(['at', 'address'], `${start.address} is not a multiple of ${align}`);
      const bad = forbidden.find(([from, to]) => start.address <= to && last >= from);
      if (bad) say1(['at', 'address'], `${start.address} lies in the forbidden range [${bad}]`);
    }
    for (const value of point.absent ?? []) checkAbsent(point, BigInt(value), say1);
    checkSteps(profile, point, used, say1);
  }
}

function checkAbsent(point: ModbusPoint, value: bigint, say: (field: string[], message: string) => void): void {
  const width = rawBits[point.at.type];
  if (width === 0 || width === 1) say(['absent'], `a ${point.at.type} has no raw value for "not available"`);
  else if (value >= 2n ** BigInt(width) || value < -(2n ** BigInt(width - 1))) {
    say(['absent'], `0x${value.toString(16)} does not fit into the ${width} bits of ${point.at.type}`);
  }
}

/** Encodings, factors and parameters of the steps between raw value and meaning. */
function checkExtras(
  profile: ModbusProfile,
  point: ModbusPoint,
  of: {
    used: Set<string>;
    declared: Record<string, ProfileParameter>;
    say: (field: string[], message: string) => void;
  },
): void {
  const { used, declared, say } = of;
  const { at, bits, scaleBy } = point;
  const width = rawBits[at.type];
  if (at.encoding !== undefined && !['u16', 'u32'].includes(at.type)) {
    say(['at', 'encoding'], `${at.encoding} needs u16 or u32, not ${at.type}`);
  }
  if (at.encoding !== undefined && (bits || point.match || at.radix)) {
    say(['at', 'encoding'], `${at.encoding} excludes bits, match and radix`);
  }
  if (bits?.signed && bits.count === 1) say(['bits', 'signed'], 'one bit is a boolean and has no sign');
  if (bits?.plus !== undefined) {
    used.add(bits.plus);
    const parameter = declared[bits.plus];
    if (parameter?.kind !== 'number' || parameter.min === undefined || parameter.max === undefined) {
      say(['bits', 'plus'], `"${bits.plus}" is not a number parameter with min and max, which must choose the bit`);
    } else if (bits.from + parameter.min - 1 < 0 || bits.from + parameter.max - 1 + bits.count > width) {
      say(
        ['bits', 'plus'],
        `"${bits.plus}" from ${parameter.min} to ${parameter.max} leaves the ${width} bits of ${at.type}`,
      );
    }
  }
  for (const [i, scale] of (scaleBy ?? []).entries()) {
    const path = ['scaleBy', String(i)];
    for (const { of: name } of scale.plus ?? []) {
      used.add(name);
      if (declared[name]?.kind !== 'number') say([...path, 'plus'], `"${name}" is not a number parameter`);
    }
    const ways = [scale.scale, scale.power, scale.map].filter((way) => way !== undefined).length;
    if (ways > 1) say(path, 'scale, power and map exclude each other');
    const last = scale.address + rawBits[scale.type] / 16 - 1;
    const bad = (profile.modbus.forbidden ?? []).find(([from, to]) => scale.address <= to && last >= from);
    if (bad) say([...path, 'address'], `${scale.address} lies in the forbidden range [${bad}]`);
  }
  const onlyNumber =
    !bits && !point.match && !point.map && !point.combine && !isBitTable(point) && at.type !== 'string';
  if (scaleBy && !onlyNumber) say(['scaleBy'], 'only a plain number at one address is multiplied by registers');
  if (scaleBy && point.write) say(['write'], 'a value whose scale the device holds cannot be written');
}

function checkSteps(
  profile: ModbusProfile,
  point: ModbusPoint,
  used: Set<string>,
  say: (field: string[], message: string) => void,
): void {
  const role = roleOf(profile, point) ?? '';
  const declared = { ...profile.parameters, ...profile.serves[role]?.parameters };
  let lists = 0;
  for (const start of [point.at, ...(point.at.also ?? [])]) {
    for (const { of } of start.plus ?? []) {
      used.add(of);
      const parameter = declared[of];
      if (!parameter) say(['at', 'plus'], notAllowed(of, 'a declared parameter.', Object.keys(declared)));
      else if (parameter.kind === 'string')
        say(['at', 'plus'], `parameter "${of}" is a string, an address needs numbers`);
      else if (parameter.kind === 'number-list') lists++;
    }
  }
  checkExtras(profile, point, { used, declared, say });
  for (const { of } of point.write?.at?.plus ?? []) {
    used.add(of);
    if (declared[of]?.kind !== 'number') {
      const numbers = Object.keys(declared).filter((name) => declared[name]?.kind === 'number');
      say(['write', 'at', 'plus'], notAllowed(of, 'a number parameter: one write has one address.', numbers));
    }
  }
  if (point.write && !point.write.at && lists > 0) say(['write'], 'a value of several addresses cannot be written');
  const several = lists > 0 || point.at.also !== undefined;
  if (several && point.combine === undefined)
    say(['combine'], 'several addresses need combine: any, all, count, first');
  if (!several && point.combine !== undefined) say(['combine'], 'combine needs a list parameter or also');
  if (point.combine === 'first' && (lists !== 1 || point.at.also)) {
    say(['combine'], 'first needs exactly one list parameter, whose entry it gives');
  }
  const yes = point.match || point.bits?.count === 1 || point.at.type === 'bool';
  const mapped = point.map && Object.values(point.map).every((v) => typeof v === 'boolean');
  if (point.combine !== undefined && !yes && !mapped) {
    say(['combine'], 'combine needs a boolean of each address: match, one bit, or a map to true and false');
  }
}
