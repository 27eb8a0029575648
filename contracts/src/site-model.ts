import Type, { type Static } from 'typebox';
import { AlarmSelection, SuppressionGroup } from './alarm-suppression.ts';
import { LocalText } from './local-text.ts';
import { closed, literals, Slug } from './schema.ts';
import { Shift, SitePosition } from './site-operations.ts';
import { alternatives } from './supply.ts';

/** The site file (YAML): Site → Space → Equipment with parent and dependsOn edges. Imported at start, idempotent by id. */
export const spaceKinds = ['building', 'floor', 'room', 'outdoor'] as const;

const Days = Type.Integer({ minimum: 1, maximum: 36_500, description: 'days' });

/** Days that each level is kept; left out: as for the site, and there 400 days, 1100 days and for ever. No level shorter than a finer one. */
const KeptDays = Type.Object(
  { rawDays: Type.Optional(Days), minuteDays: Type.Optional(Days), hourDays: Type.Optional(Days) },
  closed,
);

/** How long the embedded historian keeps samples, one-minute and one-hour roll-ups. */
export const HistoryRetention = Type.Object(
  { default: Type.Optional(KeptDays), classes: Type.Optional(Type.Record(Type.String(), KeptDays)) },
  closed,
);
export type HistoryRetention = Static<typeof HistoryRetention>;

/** `<equipment>/<point>#<rule>`, without the site. */
const LocalAlarm = Type.String({ pattern: '^[^/#]+/[^/#]+#[^/#]+$' });

/** What alarms of this site suppress beside what their classes say, and which of them suppress nothing. */
const SiteSuppression = Type.Object(
  {
    add: Type.Optional(
      Type.Array(
        Type.Object(
          {
            alarm: LocalAlarm,
            over: SuppressionGroup.properties.over,
            /** Left out: all but life safety. */
            alarms: Type.Optional(AlarmSelection),
            hides: SuppressionGroup.properties.hides,
            /** `30s`, `5min`, `1h`; left out: 60 s. */
            settle: Type.Optional(Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|min|h|d)$' })),
          },
          closed,
        ),
      ),
    ),
    remove: Type.Optional(Type.Array(Type.Object({ alarm: LocalAlarm }, closed))),
  },
  closed,
);

export const SiteModel = Type.Object(
  {
    site: Slug,
    name: LocalText,
    /** IANA zone of the building's clock; chart axes use it. */
    timeZone: Type.String({ minLength: 1 }),
    history: Type.Optional(Type.Object({ retention: Type.Optional(HistoryRetention) }, closed)),
    /** Who watches what; left out: one position for everything. What none names belongs to the first. */
    operatingPositions: Type.Optional(Type.Array(SitePosition, { minItems: 1 })),
    /** Left out: 08:00 to 20:00 and 20:00 to 08:00. */
    shifts: Type.Optional(Type.Array(Shift, { minItems: 1 })),
    suppression: Type.Optional(SiteSuppression),
    /** What a panel switches by itself: elevators that return, fans that stop, supplies that are cut in a fire. */
    interlocks: Type.Optional(
      Type.Array(Type.Object({ by: Slug, equipment: Type.Array(Slug, { minItems: 1, uniqueItems: true }) }, closed)),
    ),
    /** Alarms that are about life here, though their class cannot know it (a leak in a switch room): critical, and never hidden. */
    lifeSafety: Type.Optional(Type.Array(LocalAlarm, { uniqueItems: true })),
    spaces: Type.Array(
      Type.Object({ id: Slug, kind: literals(spaceKinds), name: LocalText, parent: Type.Optional(Slug) }, closed),
    ),
    equipment: Type.Array(
      Type.Object(
        {
          id: Slug,
          class: Slug,
          name: LocalText,
          space: Slug,
          /** Part of: a pump of a set, a zone of an AHU or panel. */
          parent: Type.Optional(Slug),
          /**
           * Fed by / served by: suppression and root cause follow these edges. `oneOf`: some of these are enough, `needs` of them (left out: one);
           * it suffers when fewer are left.
           */
          dependsOn: Type.Optional(
            Type.Array(Type.Union([Slug, alternatives(Slug, Type.Optional(Type.Integer({ minimum: 1 })))])),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type SiteModel = Static<typeof SiteModel>;
