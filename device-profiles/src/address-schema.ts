import { closed, literals, Slug } from '@plantroom/contracts';
import Type from 'typebox';

/** Address apart from meaning: `at` says where the raw value lies, the rest says what it means. */
export const modbusTables = ['coil', 'discrete', 'input', 'holding'] as const;
export type ModbusTable = (typeof modbusTables)[number];

export const rawTypes = ['bool', 'u16', 's16', 'u32', 's32', 'u64', 's64', 'f32', 'f64', 'string'] as const;
export type RawType = (typeof rawTypes)[number];

/** Byte order on the wire, named by where the bytes of the big-endian value ABCD stand. 64-bit values take the same pattern, word by word. */
export const byteOrders = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
export type ByteOrder = (typeof byteOrders)[number];

export type RawEncoding = 'sign-magnitude' | 'bcd';

/** address + Σ times × (parameter − 1); a list-valued parameter gives one address per entry. */
const AddressStep = Type.Object({ of: Slug, times: Type.Integer() }, closed);

/** Several list-valued parameters in one address: every combination, the first list outermost. */
export const AddressSteps = Type.Array(AddressStep, { minItems: 1 });
export const PduAddress = Type.Integer({ minimum: 0, maximum: 65535 });

export const ModbusAt = Type.Object(
  {
    table: literals(modbusTables),
    /** Zero-based PDU address, as on the wire. */
    address: PduAddress,
    plus: Type.Optional(AddressSteps),
    /** Further addresses of the same table and type whose values are combined with the first ones (the modules of a zone beside its detectors). */
    also: Type.Optional(
      Type.Array(Type.Object({ address: PduAddress, plus: Type.Optional(AddressSteps) }, closed), { minItems: 1 }),
    ),
    type: literals(rawTypes),
    /** Left out: the profile's `modbus.order`. */
    order: Type.Optional(literals(byteOrders)),
    /** The words of an unsigned integer are digits in this base, highest first (a counter kept as hi × 10000 + lo); left out: 65536. */
    radix: Type.Optional(Type.Integer({ minimum: 2, maximum: 65536 })),
    /** How the bits of a u16 or u32 are a number: the top bit as sign of the rest, or four bits a decimal digit; left out: binary. */
    encoding: Type.Optional(literals(['sign-magnitude', 'bcd'])),
    /** Registers of a string. */
    length: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    /** The number that the vendor prints, for the person holding the manual. */
    vendorAddress: Type.Optional(Type.String()),
  },
  closed,
);
