import type { PointValues } from './point-values.ts';

/** The values of a part are worked out once: a part of the model never changes, it is replaced. */
export function held<Whole, Part>(
  part: (whole: Whole) => Part,
  read: (part: Part, whole: Whole) => PointValues,
): (whole: Whole) => PointValues {
  let last: { of: Part; values: PointValues } | undefined;
  return (whole) => {
    const of = part(whole);
    if (last === undefined || last.of !== of) last = { of, values: read(of, whole) };
    return last.values;
  };
}
