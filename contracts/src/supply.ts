import Type, { type Static, type TSchema } from 'typebox';
import { closed } from './schema.ts';

/** Equipment that stand in for each other; `needs`: how many of them have to work, from one to all but one of them. */
export function alternatives<T extends TSchema, N extends TSchema>(id: T, needs: N) {
  return Type.Object({ oneOf: Type.Array(id, { minItems: 2, uniqueItems: true }), needs }, closed);
}

/** What an equipment is fed or served by: one that it cannot do without, or several of which some are enough. Ids `<site>/<equipment>`. */
export const Supply = Type.Union([Type.String(), alternatives(Type.String(), Type.Integer({ minimum: 1 }))]);
export type Supply = Static<typeof Supply>;

/** All equipment that is named, alternatives among them. */
export function suppliers(dependsOn: readonly Supply[]): string[] {
  return dependsOn.flatMap((supply) => (typeof supply === 'string' ? [supply] : supply.oneOf));
}
