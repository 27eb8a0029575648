import Type from 'typebox';
import { slugPattern } from './ids.ts';
import { unitNames } from './units.ts';

/** Small schema parts that every shape below uses. */
export const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Enum([...values]));
export const Slug = Type.String({ pattern: slugPattern });
/** The last time that ECMAScript knows; a database's integers reach further. */
const lastMs = 8_640_000_000_000_000;
export const TimeMs = Type.Integer({ minimum: 0, maximum: lastMs, description: 'UTC, milliseconds since the epoch' });
export const DurationMs = Type.Integer({ minimum: 0, maximum: lastMs, description: 'milliseconds' });
/** A number that a database counts up, as text; more digits none of them has. */
export const Count = Type.String({ pattern: '^\\d{1,15}$' });
export const UnitRef = literals(unitNames);
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const closed = { additionalProperties: false } as const;
