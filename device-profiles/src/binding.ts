import type { Lane, LocalText, PointValue, Quality, QualityReason, UnitName } from '@plantroom/contracts';
import type { ModbusTable } from './address-schema.ts';
import type { PointKind } from './class-schema.ts';

/** Where a raw value lies. `addresses` has more than one entry only for combined points (a zone from its detectors). */
export interface ModbusAttributes {
  protocol: 'modbus';
  table: ModbusTable;
  /** Zero-based PDU addresses. */
  addresses: readonly number[];
  /** Registers (or bits) at each address. */
  length: number;
  /** Further places whose words follow those of `addresses` in the raw value, in this order (a register that holds the scale). Left out: none. */
  more?: readonly { table: ModbusTable; address: number; length: number }[];
}

export interface MqttAttributes {
  protocol: 'mqtt';
  /** Placeholders already filled. */
  topic: string;
  path: string;
  /** Where the point is told as well; left out: nowhere else. */
  also?: readonly { topic: string; path: string }[];
}

/**
 * Modbus: the words (bits as 0/1) of all addresses in order, addresses.length × length of them, then those of `more`.
 * MQTT: the whole payload, parsed as JSON where it is JSON, else the text, and the topic it came on; left out: the first one of the point.
 */
export type RawValue = ArrayLike<number> | { payload: unknown; topic?: string };

export interface Decoded {
  /** In the class point's unit; null exactly when quality is bad. */
  value: PointValue;
  quality: Quality;
  reason?: QualityReason;
}

/** A value as it goes to the device: one request. */
export type EncodedWrite =
  | {
      protocol: 'modbus';
      table: Extract<ModbusTable, 'coil' | 'holding'>;
      /** Zero-based PDU address. */
      address: number;
      /** Words, or 0/1 for a coil. */
      words: readonly number[];
      /** True: functions 5 and 6, which take one value; false: 15 and 16. */
      single: boolean;
    }
  | { protocol: 'mqtt'; topic: string; payload: string };

/** How a point that the profile calls writable is written. */
export interface PointWrite {
  /** Pure. `value` in the class point's unit. What the profile does not allow is refused in words that name the value and what is allowed. */
  encode(value: PointValue): { request: EncodedWrite } | { refused: string };
  /** Whether what was read back is what was asked for, as finely as the device holds it. */
  agrees(wanted: PointValue, readBack: PointValue): boolean;
  /** What `encode` takes, for those who offer a choice: limits in the class point's unit, the only codes allowed. Left out: the device decides. */
  min?: number;
  max?: number;
  values?: readonly number[];
  /** What the device needs before a read shows the new value, ms. */
  settleMs: number;
}

/** What stages, outbox and uplinks know of a point, whoever delivers it. */
export interface BoundPoint {
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
  /** Counters: the value, in `unit`, at which the device begins again at 0 (2^32 × scale); left out: it does not wrap. */
  modulus?: number;
}

/** One point of one equipment as one device delivers it: address, meaning and decode compiled from profile, class and site parameters. */
export interface PointBinding extends BoundPoint {
  poll: 'fast' | 'normal' | 'slow';
  at: ModbusAttributes | MqttAttributes;
  /** Left out: the point is not writable. Never there for a class that is read-only. */
  write?: PointWrite;
  /** Pure. Never throws: what cannot be understood is `bad/device-error`. Undefined: the payload does not carry this point (MQTT). */
  decode(raw: RawValue): Decoded | undefined;
}

/**
 * A point that no device delivers and its class derives from points of the same equipment (`derive` in the class file). The pipeline
 * computes it when a poll that heard an input has ended: `decode` takes the last reading of each input, in the order of `at.inputs`, and the
 * result goes through the stages like any other. Its wire time is the latest of its inputs' times. It is computed only once every input has
 * a reading, and it is never polled nor written.
 */
export interface DerivedBinding extends BoundPoint {
  at: {
    protocol: 'derived';
    /** Points of the same equipment. */
    inputs: readonly string[];
  };
  write?: never;
  /** Pure. Quality and reason of the worst input; null exactly when one is bad or the result is no finite number. */
  decode(inputs: readonly Decoded[]): Decoded;
}
