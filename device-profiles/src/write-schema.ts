import { closed, literals } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { AddressSteps, byteOrders, PduAddress, rawTypes } from './address-schema.ts';

/** What may be asked for, in the class point's unit and codes. A number needs min and max. */
const limits = {
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  /** Left out: every code that the map knows, or both of a boolean. */
  codes: Type.Optional(Type.Array(Type.Union([Type.Integer(), Type.Boolean()]), { minItems: 1, uniqueItems: true })),
  /** What the device needs before a read shows the new value, ms. */
  settleMs: Type.Integer({ minimum: 0, maximum: 600_000 }),
};

/** The point is written with its own meaning reversed (unit, offset, scale, map), always a whole register or coil. */
export const ModbusWrite = Type.Object(
  {
    ...limits,
    /** Left out: where it is read. */
    at: Type.Optional(
      Type.Object(
        {
          table: literals(['coil', 'holding']),
          address: PduAddress,
          plus: Type.Optional(AddressSteps),
          /** Left out: as it is read. */
          type: Type.Optional(literals(rawTypes)),
          order: Type.Optional(literals(byteOrders)),
          vendorAddress: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    /** Raw code → class code where a request has other codes than the status; left out: the point's map, of several raw codes the lowest. */
    map: Type.Optional(Type.Record(Type.String({ pattern: '^-?\\d+$' }), Type.Union([Type.Integer(), Type.Boolean()]))),
    /** single: functions 5 and 6; multiple: 15 and 16. Left out: single where one register or coil is written. */
    function: Type.Optional(literals(['single', 'multiple'])),
  },
  closed,
);
export type ModbusWrite = Static<typeof ModbusWrite>;

export const MqttWrite = Type.Object(
  {
    ...limits,
    /** Template as `mqtt.topic`: `zigbee2mqtt/{name}/set`. */
    topic: Type.String({ minLength: 1 }),
    /** `{value}` is the raw value (number, or the text for true and false), other `{braces}` are device parameters: `{"state": "{value}"}`. */
    payload: Type.String({ pattern: '\\{value\\}' }),
    /** What stands for true and false in the payload; left out: the point's `at.true` and `at.false`, else true and false. */
    true: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    false: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  },
  closed,
);
export type MqttWrite = Static<typeof MqttWrite>;
