import Type from 'typebox';
import { slugPattern } from './ids.ts';
import { unitNames } from './units.ts';

/** Small schema parts that every shape below uses. */
export const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Enum([...values]));
export const Slug = Type.String({ pattern: slugPattern });
export const TimeMs = Type.Integer({ minimum: 0, description: 'UTC, milliseconds since the epoch' });
export const DurationMs = Type.Integer({ minimum: 0, description: 'milliseconds' });
export const UnitRef = literals(unitNames);
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const closed = { additionalProperties: false } as const;
