import {
  type Language,
  type LocalText,
  type Point,
  type PointValue,
  textIn,
  type UnitName,
} from '@plantroom/contracts';

/** How a unit is shown where the base unit would be clumsy: shown = value × factor. */
export interface DisplayUnit {
  symbol: string;
  factor: number;
  /** Decimals to show in place of the point's; null: the point's own. */
  precision: number | null;
}

const shownAs: Partial<Record<UnitName, DisplayUnit>> = {
  W: { symbol: 'kW', factor: 0.001, precision: 2 },
  VA: { symbol: 'kVA', factor: 0.001, precision: 2 },
  var: { symbol: 'kvar', factor: 0.001, precision: 2 },
};

export function displayUnit(point: Pick<Point, 'unit' | 'symbol'>): DisplayUnit {
  return shownAs[point.unit] ?? { symbol: point.symbol, factor: 1, precision: null };
}

const formats = new Map<number, Intl.NumberFormat>();

export function formatNumber(value: number, precision: number): string {
  let format = formats.get(precision);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision });
    formats.set(precision, format);
  }
  const text = format.format(value);
  // A reading that rounds to nothing is nothing, not "-0.0".
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

export interface ShownValue {
  text: string;
  symbol: string;
  /** Struck through to a dash. */
  missing: boolean;
}

export interface ValueWords {
  yes: string;
  no: string;
}

type Meaning = Pick<Point, 'kind' | 'unit' | 'symbol' | 'precision' | 'states'>;

export function stateName(point: Pick<Point, 'states'>, value: PointValue): LocalText | undefined {
  const code = typeof value === 'boolean' ? Number(value) : value;
  return point.states?.find((state) => state.value === code)?.name;
}

/** The text of a value at the precision worth showing; null gives a dash. */
export function showValue(point: Meaning, value: PointValue, words: ValueWords & { language: Language }): ShownValue {
  if (value === null) return { text: '–', symbol: '', missing: true };
  const name = stateName(point, value);
  if (name !== undefined) return { text: textIn(name, words.language), symbol: '', missing: false };
  if (typeof value === 'boolean') return { text: value ? words.yes : words.no, symbol: '', missing: false };
  if (typeof value === 'string') return { text: value, symbol: '', missing: false };
  if (point.kind === 'boolean') return { text: value !== 0 ? words.yes : words.no, symbol: '', missing: false };
  const { symbol, factor, precision } = displayUnit(point);
  return { text: formatNumber(value * factor, precision ?? point.precision), symbol, missing: false };
}
