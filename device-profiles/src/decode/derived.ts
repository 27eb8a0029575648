import type { Decoded, DerivedBinding, PointBinding } from '../binding.ts';
import type { Catalog } from '../catalog.ts';
import type { ClassPoint, Derivation } from '../class-schema.ts';
import { bad } from './meaning.ts';
import { pointHead } from './point-head.ts';

/**
 * What no device delivers but the class can derive from points that are delivered. One binding for each such point of each equipment, inputs
 * before what depends on them; none where an input is missing: then the point stays absent.
 * `bindings` are those of all devices of the gateway together, since one equipment may be fed by several.
 */
export function derivedBindings(catalog: Catalog, bindings: readonly PointBinding[]): DerivedBinding[] {
  const delivered = new Map<string, { class: string; points: Set<string> }>();
  for (const binding of bindings) {
    const known = delivered.get(binding.equipment) ?? { class: binding.class, points: new Set<string>() };
    known.points.add(binding.point);
    delivered.set(binding.equipment, known);
  }
  const found: DerivedBinding[] = [];
  for (const [equipment, { class: id, points }] of delivered) {
    const wanted = Object.entries(catalog.classes.get(id)?.points ?? {}).filter(
      ([, { derive }]) => derive !== undefined,
    );
    // A point may be derived from one that is itself derived; each round settles at least one, so this ends.
    for (let more = true; more; ) {
      more = false;
      for (const [point, canonical] of wanted) {
        const inputs = canonical.derive && inputsOf(canonical.derive);
        if (!inputs || !canonical.derive || points.has(point) || !inputs.every((input) => points.has(input))) continue;
        const binding = derivedBinding(canonical, { equipment, class: id, point, inputs, derive: canonical.derive });
        found.push(binding);
        points.add(point);
        more = true;
      }
    }
  }
  return found;
}

export function inputsOf(derive: Derivation): readonly string[] {
  if ('mean' in derive) return derive.mean;
  if ('sum' in derive) return derive.sum;
  return 'ratio' in derive ? derive.ratio : derive.unbalance;
}

function combinationOf(derive: Derivation): (values: readonly number[]) => number {
  if ('mean' in derive) return mean;
  if ('sum' in derive) return sum;
  return 'ratio' in derive ? ratio : unbalance;
}

function derivedBinding(
  canonical: ClassPoint,
  of: { equipment: string; class: string; point: string; inputs: readonly string[]; derive: Derivation },
): DerivedBinding {
  const { inputs, derive, ...names } = of;
  const combine = combinationOf(derive);
  return {
    ...names,
    ...pointHead(canonical),
    at: { protocol: 'derived', inputs },
    decode: (values) => {
      const worst = worstOf(values, inputs.length);
      if (worst.quality === 'bad') return { ...worst, value: null };
      const value = combine(values.map((input) => Number(input.value)));
      return Number.isFinite(value) ? { ...worst, value } : bad();
    },
  };
}

const rank = { good: 0, uncertain: 1, bad: 2 } as const;

/** Quality and reason of the worst input; too few inputs, or one without a number, is bad. */
function worstOf(values: readonly Decoded[], count: number): Omit<Decoded, 'value'> {
  let worst: Omit<Decoded, 'value'> = { quality: 'good' };
  if (values.length !== count) return { quality: 'bad', reason: 'device-error' };
  for (const { value, quality, reason } of values) {
    const own: Omit<Decoded, 'value'> =
      quality !== 'bad' && typeof value !== 'number'
        ? { quality: 'bad', reason: 'device-error' }
        : { quality, ...(reason === undefined ? {} : { reason }) };
    if (rank[own.quality] > rank[worst.quality]) worst = own;
  }
  return worst;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
/** 0/0 is no number, so an idle circuit has no power factor. */
const ratio = ([part = Number.NaN, whole = Number.NaN]: readonly number[]) => part / whole;
/**
 * The three line voltages close a triangle, so their lengths alone give the sequences: β = Σv⁴ / (Σv²)² is a third when it is
 * equilateral (IEC 61000-4-30, 5.7.1). Without voltage there is no number.
 */
const unbalance = ([a = 0, b = 0, c = 0]: readonly number[]) => {
  const squares = a * a + b * b + c * c;
  const beta = (a ** 4 + b ** 4 + c ** 4) / (squares * squares);
  const root = Math.sqrt(Math.max(0, 3 - 6 * beta));
  return 100 * Math.sqrt((1 - Math.min(1, root)) / (1 + root));
};
