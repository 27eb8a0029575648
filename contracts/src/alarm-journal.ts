import Type, { type Static } from 'typebox';
import { AlarmJournalEntry, journalActions } from './alarm.ts';
import { alarmPriorities } from './alarm-condition.ts';
import { page } from './api.ts';
import { LocalText, languages } from './local-text.ts';
import { Count, closed, literals, Nullable, TimeMs } from './schema.ts';
import { systems } from './systems.ts';

/** An entry as it is served: with what the alarm was called when it was written. */
export const JournalRow = Type.Object(
  {
    ...AlarmJournalEntry.properties,
    equipment: Nullable(Type.String({ description: 'equipment id; null for alarms of gateways' })),
    name: Nullable(LocalText),
    lifeSafety: Type.Boolean(),
  },
  closed,
);
export type JournalRow = Static<typeof JournalRow>;

/** `recorded`: the server's clock, when it was written. `happened`: wire time for what equipment did. */
export const journalClocks = ['recorded', 'happened'] as const;

const oneOrMore = <const T extends readonly string[]>(values: T) =>
  Type.Optional(Type.Union([literals(values), Type.Array(literals(values), { minItems: 1, maxItems: values.length })]));

/** What entries are wanted; all that is given must hold, a list holds when one of it does. */
const journalFilter = {
  /** Words that must all occur: in the alarm's name in either language, its id, the equipment's name, the user or the comment. */
  q: Type.Optional(Type.String({ maxLength: 200 })),
  site: Type.Optional(Type.String()),
  system: Type.Optional(literals(systems)),
  alarm: Type.Optional(Type.String()),
  equipment: Type.Optional(Type.String()),
  priority: oneOrMore(alarmPriorities),
  action: oneOrMore(journalActions),
  lifeSafety: Type.Optional(Type.Boolean()),
  /** Id of a test mode: what happened in it, and what it has left standing. */
  test: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,40}$' })),
  /** true: only what was over when it was found; false: without it. */
  historical: Type.Optional(Type.Boolean()),
  /** Which clock `from` and `to` are of; left out: recorded. */
  clock: Type.Optional(literals(journalClocks)),
  /** Inclusive. */
  from: Type.Optional(TimeMs),
  /** Exclusive. */
  to: Type.Optional(TimeMs),
};
export const JournalFilter = Type.Object(journalFilter, closed);
export type JournalFilter = Static<typeof JournalFilter>;

/** Newest first; `after` is the former page's `next`. */
export const JournalQuery = Type.Object(
  {
    ...journalFilter,
    after: Type.Optional(Count),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'items a page; left out: 200' })),
  },
  closed,
);
export type JournalQuery = Static<typeof JournalQuery>;
export const JournalPage = page(JournalRow);
export type JournalPage = Static<typeof JournalPage>;

export const journalFormats = ['csv', 'xlsx'] as const;
export type JournalFormat = (typeof journalFormats)[number];

/** The journal as a file, oldest first. `lang`: of headings and words; left out: zh-CN. */
export const JournalExportQuery = Type.Object(
  { ...journalFilter, format: literals(journalFormats), lang: Type.Optional(literals(languages)) },
  closed,
);
export type JournalExportQuery = Static<typeof JournalExportQuery>;
