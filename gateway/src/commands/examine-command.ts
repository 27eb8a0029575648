import type { CommandReason, CommandValue } from '@plantroom/contracts';
import { type EncodedWrite, lifeSafetyClasses, type PointBinding, type PointWrite } from '@plantroom/device-profiles';
import type { GatewayPoint, PointTable } from '../pipeline/point-table.ts';
import type { DeviceCommand } from './device-command.ts';

export interface Refusal {
  /** Null: the command named no point that is here. */
  point: GatewayPoint | null;
  reason: CommandReason;
  message: string;
}

export interface SoundCommand {
  point: GatewayPoint;
  /** Of the point: one that a device delivers. */
  binding: PointBinding;
  write: PointWrite;
  value: CommandValue;
  request: EncodedWrite;
}

export interface ExamineOptions {
  table: PointTable;
  /** Classes that may be written at all. What is not in it has no write path, whatever a binding says; nor have fire and elevators, whatever it says. */
  writableClasses: ReadonlySet<string>;
  nowMs: number;
  /** When this desk was opened: what was sent before may have been carried out by the one before it, which has taken its memory with it. */
  openedMs: number;
  /** Older than this, or further in the future, a command is not obeyed. */
  maxAgeMs: number;
}

export const isRefusal = (examined: Refusal | SoundCommand): examined is Refusal => 'reason' in examined;

/** Pure: everything that must hold before a byte goes to a device. */
export function examineCommand(command: DeviceCommand, options: ExamineOptions): Refusal | SoundCommand {
  const point = pointOf(command, options.table);
  if (!('index' in point)) return point;
  const { binding } = point;
  const refuse = (reason: CommandReason, message: string): Refusal => ({ point, reason, message });
  if (command.point !== undefined && command.point !== point.id)
    return refuse('unknown-point', `the command means "${command.point}", its metric is "${point.id}" here`);
  if (lifeSafetyClasses.has(binding.class) || !options.writableClasses.has(binding.class))
    return refuse('read-only-class', `"${point.id}" is of class ${binding.class}, which has no write path`);
  if (binding.write === undefined)
    return refuse('not-writable', `the profile of "${point.device}" does not let "${point.id}" be written`);
  const stale = staleness(command, options);
  if (stale !== undefined) return refuse('stale', stale);
  const { write } = binding;
  const { value } = command;
  if (!isOfKind(value, binding.kind))
    return refuse(
      'wrong-type',
      `${JSON.stringify(value) ?? 'no value'} is no ${words[binding.kind]}, as "${point.id}" needs`,
    );
  if (typeof value === 'number' && binding.range !== null && (value < binding.range[0] || value > binding.range[1]))
    return refuse(
      'not-allowed',
      `${value} is not plausible for "${point.id}"; ${binding.range[0]} to ${binding.range[1]} are`,
    );
  const encoded = write.encode(value);
  if ('refused' in encoded) return refuse('not-allowed', encoded.refused);
  return { point, binding, write, value, request: encoded.request };
}

function pointOf({ device, alias, name, point: meant }: DeviceCommand, table: PointTable): GatewayPoint | Refusal {
  const unknown = (message: string): Refusal => ({ point: null, reason: 'unknown-point', message });
  const deviceIndex = table.deviceIndex.get(device);
  if (deviceIndex === undefined)
    return unknown(`there is no device "${device}" here${meant === undefined ? '' : ` for "${meant}"`}`);
  const own = table.ofDevice[deviceIndex] ?? [];
  const found =
    alias === undefined
      ? own.find(({ binding }) => `${binding.equipment}/${binding.point}` === name)
      : own.find((point) => point.alias === alias);
  if (found !== undefined) return found;
  return unknown(`device "${device}" has no metric ${alias === undefined ? `"${name ?? ''}"` : `with alias ${alias}`}`);
}

/** A broker or a line that comes back must not switch equipment late. */
function staleness(
  { sentMs, retained }: DeviceCommand,
  { nowMs, openedMs, maxAgeMs }: ExamineOptions,
): string | undefined {
  if (retained) return 'the broker had kept the command (retained); such are not obeyed';
  if (sentMs === undefined) return 'the command says no time; without it nobody knows how old it is';
  const ageMs = nowMs - sentMs;
  if (ageMs > maxAgeMs)
    return `the command is ${Math.round(ageMs / 1000)} s old; at most ${maxAgeMs / 1000} s is obeyed`;
  // In the very millisecond too: nobody has seen a birth of this gateway by then.
  if (sentMs <= openedMs)
    return `the command was sent ${Math.ceil((openedMs - sentMs) / 1000)} s before this gateway started; whether it has been carried out is not known`;
  if (ageMs < -maxAgeMs)
    return `the command comes from ${Math.round(-ageMs / 1000)} s in the future; the clocks of host and gateway differ`;
  return undefined;
}

const words = {
  number: 'number',
  counter: 'number',
  enum: 'whole number',
  boolean: 'truth value',
  string: 'text',
} as const;

function isOfKind(value: DeviceCommand['value'], kind: keyof typeof words): value is CommandValue {
  switch (kind) {
    case 'number':
    case 'counter':
      return typeof value === 'number' && Number.isFinite(value);
    case 'enum':
      return typeof value === 'number' && Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
  }
}
