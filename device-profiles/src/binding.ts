import type { Lane, LocalText, PointValue, Quality, QualityReason, UnitName } from '@plantroom/contracts';
import type { PointKind } from './class-schema.ts';
import type { ModbusTable } from './profile-schema.ts';

/** Where a raw value lies. `addresses` has more than one entry only for combined points (a zone from its detectors). */
export interface ModbusAttributes {
  protocol: 'modbus';
  table: ModbusTable;
  /** Zero-based PDU addresses. */
  addresses: readonly number[];
  /** Registers (or bits) at each address. */
  length: number;
}

export interface MqttAttributes {
  protocol: 'mqtt';
  /** Placeholders already filled. */
  topic: string;
  path: string;
}

/**
 * Modbus: the words (bits as 0/1) of all addresses in order, addresses.length × length of them.
 * MQTT: the whole payload, parsed as JSON where it is JSON, else the text.
 */
export type RawValue = ArrayLike<number> | { payload: unknown };

export interface Decoded {
  /** In the class point's unit; null exactly when quality is bad. */
  value: PointValue;
  quality: Quality;
  reason?: QualityReason;
}

/** One point of one equipment as one device delivers it: address, meaning and decode compiled from profile, class and site parameters. */
export interface PointBinding {
  equipment: string;
  class: string;
  point: string;
  name: LocalText;
  kind: PointKind;
  unit: UnitName;
  lane: Exclude<Lane, 'backlog'>;
  range: readonly [number, number] | null;
  /** Report-by-exception deadband in `unit`; 0: every change. */
  deadband: number;
  poll: 'fast' | 'normal' | 'slow';
  at: ModbusAttributes | MqttAttributes;
  /** Pure. Never throws: what cannot be understood is `bad/device-error`. Undefined: the payload does not carry this point (MQTT). */
  decode(raw: RawValue): Decoded | undefined;
}
