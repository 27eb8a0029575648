import type { HistoryRetention } from '@plantroom/contracts';

/** Days that each level is kept after the day it is of; `Infinity`: for ever. */
export interface KeptDays {
  raw: number;
  minute: number;
  hour: number;
}

export interface Expired {
  raw: boolean;
  minute: boolean;
  hour: boolean;
}

/** A little more than a year of samples, so that a year can be compared with the one before; three years of minutes; hours for ever. */
const defaults: KeptDays = { raw: 400, minute: 1_100, hour: Number.POSITIVE_INFINITY };

/** How long the history of each class is kept. Pure. */
export class Retention {
  readonly #default: KeptDays;
  readonly #classes: ReadonlyMap<string, KeptDays>;

  constructor(settings: HistoryRetention = {}) {
    this.#default = kept(settings.default, defaults);
    this.#classes = new Map(
      Object.entries(settings.classes ?? {}).map(([name, days]) => [name, kept(days, this.#default)]),
    );
  }

  /** What of a day so many days ago is no longer kept. Null: class unknown. */
  expired(equipmentClass: string | null, ageDays: number): Expired {
    const { raw, minute, hour } = this.#classes.get(equipmentClass ?? '') ?? this.#default;
    return { raw: ageDays > raw, minute: ageDays > minute, hour: ageDays > hour };
  }

  /** The same for all classes as one text, empty when nothing has expired: a day needs to be looked at only when it changes. */
  signature(ageDays: number): string {
    const parts = [['', this.#default] as const, ...this.#classes].map(([name]) => {
      const { raw, minute, hour } = this.expired(name, ageDays);
      return `${name}:${Number(raw)}${Number(minute)}${Number(hour)}`;
    });
    return parts.some((part) => !part.endsWith(':000')) ? parts.sort().join(' ') : '';
  }

  /** Words for the log. */
  toString(): string {
    const one = ({ raw, minute, hour }: KeptDays): string => `${raw}/${minute}/${hour}`;
    const classes = [...this.#classes].map(([name, days]) => `${name} ${one(days)}`);
    return [`${one(this.#default)} days (samples/minutes/hours)`, ...classes].join(', ');
  }
}

/** A coarser level is never kept for less time than a finer one: what was left out follows what was given. */
export function kept(given: NonNullable<HistoryRetention['default']> | undefined, otherwise: KeptDays): KeptDays {
  const raw = given?.rawDays ?? Math.min(otherwise.raw, given?.minuteDays ?? Infinity, given?.hourDays ?? Infinity);
  const minute = given?.minuteDays ?? Math.min(Math.max(otherwise.minute, raw), given?.hourDays ?? Infinity);
  return { raw, minute, hour: given?.hourDays ?? Math.max(otherwise.hour, minute) };
}
