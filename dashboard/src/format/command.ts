import {
  type Command,
  type CommandValue,
  openCommandStates,
  type Point,
  type PointWriteRange,
} from '@plantroom/contracts';
import { displayUnit } from './value.ts';

/** Limits in the unit of the screen; null: none. */
export function shownLimits(point: Point, write: PointWriteRange): { min: number | null; max: number | null } {
  const { factor } = displayUnit(point);
  const shown = (value: number | null) => (value === null ? null : Number((value * factor).toPrecision(9)));
  return { min: shown(write.min), max: shown(write.max) };
}

/** Codes that may be chosen, in the order of the class; a boolean's two. Null: a number or text is typed. */
export function choices(point: Point, write: PointWriteRange): readonly number[] | null {
  if (point.kind === 'boolean') return [0, 1];
  if (point.kind !== 'enum') return null;
  const known = (point.states ?? []).map(({ value }) => value);
  if (write.values === null) return known;
  return [
    ...known.filter((code) => write.values?.includes(code)),
    ...write.values.filter((code) => !known.includes(code)),
  ];
}

/** What was typed or chosen, in the class unit; null: nothing that may be sent. */
export function commandValue(point: Point, write: PointWriteRange, typed: string): CommandValue | null {
  const text = typed.trim();
  if (text === '') return null;
  if (point.kind === 'string') return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  if (point.kind === 'boolean') return value !== 0;
  if (point.kind === 'enum') return choices(point, write)?.includes(value) ? value : null;
  const inClassUnit = Number((value / displayUnit(point).factor).toPrecision(12));
  if (write.min !== null && inClassUnit < write.min) return null;
  if (write.max !== null && inClassUnit > write.max) return null;
  return inClassUnit;
}

/** The one that was asked for last, as it is known best. */
export function newest(live: Command | undefined, stored: Command | undefined): Command | undefined {
  if (live === undefined || stored === undefined) return live ?? stored;
  if (live.id === stored.id) return live.revision >= stored.revision ? live : stored;
  return live.requestedMs >= stored.requestedMs ? live : stored;
}

export const isUnderWay = (command: Command | undefined): boolean =>
  command !== undefined && openCommandStates.includes(command.state);
