/**
 * The closed list of units. Every unit has a quantity and an affine map to the quantity's base unit: base = value × factor + offset.
 * Base units are SI or what the trade reads without converting (kWh, kPa, °C, m³/h, mm/s); class points use base units only,
 * profiles may use any unit and decode converts.
 */
export interface Unit {
  quantity: string;
  /** As printed beside a number. */
  symbol: string;
  /** 1 for the base unit. */
  factor: number;
  /** 0 unless the zero points differ. */
  offset: number;
}

const base = (quantity: string, symbol: string): Unit => ({ quantity, symbol, factor: 1, offset: 0 });
const scaled = (quantity: string, symbol: string, factor: number, offset = 0): Unit => ({
  quantity,
  symbol,
  factor,
  offset,
});

export const units = {
  none: base('dimensionless', ''),
  count: base('count', ''),
  percent: base('ratio', '%'),
  ratio: scaled('ratio', '', 100),
  V: base('voltage', 'V'),
  A: base('current', 'A'),
  mA: scaled('current', 'mA', 0.001),
  W: base('active-power', 'W'),
  kW: scaled('active-power', 'kW', 1000),
  VA: base('apparent-power', 'VA'),
  kVA: scaled('apparent-power', 'kVA', 1000),
  var: base('reactive-power', 'var'),
  kvar: scaled('reactive-power', 'kvar', 1000),
  kWh: base('active-energy', 'kWh'),
  Wh: scaled('active-energy', 'Wh', 0.001),
  kvarh: base('reactive-energy', 'kvarh'),
  Hz: base('frequency', 'Hz'),
  deg: base('angle', '°'),
  degC: base('temperature', '°C'),
  K: scaled('temperature', 'K', 1, -273.15),
  degF: scaled('temperature', '°F', 5 / 9, -160 / 9),
  kPa: base('pressure', 'kPa'),
  Pa: scaled('pressure', 'Pa', 0.001),
  bar: scaled('pressure', 'bar', 100),
  mbar: scaled('pressure', 'mbar', 0.1),
  MPa: scaled('pressure', 'MPa', 1000),
  mH2O: scaled('pressure', 'mH₂O', 9.80665),
  m3_h: base('volume-flow', 'm³/h'),
  l_min: scaled('volume-flow', 'L/min', 0.06),
  l_s: scaled('volume-flow', 'L/s', 3.6),
  m3: base('volume', 'm³'),
  m: base('length', 'm'),
  mm: scaled('length', 'mm', 0.001),
  cm: scaled('length', 'cm', 0.01),
  m_s: base('speed', 'm/s'),
  mm_s: base('vibration-velocity', 'mm/s'),
  in_s: scaled('vibration-velocity', 'in/s', 25.4),
  g: base('acceleration', 'g'),
  rpm: base('rotational-speed', 'r/min'),
  Nm: base('torque', 'N·m'),
  kg: base('mass', 'kg'),
  s: base('duration', 's'),
  min: scaled('duration', 'min', 60),
  h: scaled('duration', 'h', 3600),
  run_h: base('run-time', 'h'),
  ppm: base('concentration', 'ppm'),
  kg_m3: base('density', 'kg/m³'),
  Wh_m3: base('specific-energy', 'Wh/m³'),
} as const satisfies Record<string, Unit>;

export type UnitName = keyof typeof units;
export const unitNames = Object.keys(units) as UnitName[];

export function unit(name: UnitName): Unit {
  return units[name];
}

export function isBaseUnit(name: UnitName): boolean {
  const { factor, offset } = unit(name);
  return factor === 1 && offset === 0;
}

/** Converts to the quantity's base unit. */
export function toBase(value: number, from: UnitName): number {
  const { factor, offset } = unit(from);
  return value * factor + offset;
}
