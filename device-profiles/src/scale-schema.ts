import { closed, literals } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { AddressSteps, byteOrders, PduAddress } from './address-schema.ts';

/** A register that says how large the steps of a value are: a transformer ratio, a power of ten, a unit. It multiplies the raw value. */
export const ScaleBy = Type.Object(
  {
    /** Left out: the table of the value. */
    table: Type.Optional(literals(['input', 'holding'])),
    address: PduAddress,
    plus: Type.Optional(AddressSteps),
    type: literals(['u16', 's16', 'u32', 's32', 'f32']),
    /** Left out: the profile's `modbus.order`. */
    order: Type.Optional(literals(byteOrders)),
    /** factor = raw × scale; left out: 1. */
    scale: Type.Optional(Type.Number()),
    /** The register holds an exponent: factor = power ^ raw. */
    power: Type.Optional(Type.Number({ exclusiveMinimum: 1 })),
    /** Raw code → factor; a code that is not listed makes the value bad. */
    map: Type.Optional(Type.Record(Type.String({ pattern: '^-?\\d+$' }), Type.Number())),
    vendorAddress: Type.Optional(Type.String()),
  },
  closed,
);
export type ScaleBy = Static<typeof ScaleBy>;
