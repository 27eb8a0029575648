import type { AlarmPriority, LocalText, System } from '@plantroom/contracts';

/** What a message says of an alarm; kept with what waits, so that it can be told after a restart too. */
export interface AlarmFacts {
  alarm: string;
  occurrence: string | null;
  site: string;
  siteName: LocalText;
  timeZone: string;
  /** `<site>/<equipment>` */
  equipment: string | null;
  equipmentName: LocalText | null;
  /** Building, floor and room, as one text. */
  place: LocalText | null;
  building: LocalText | null;
  class: string | null;
  system: System | null;
  name: LocalText;
  response: LocalText | null;
  priority: AlarmPriority;
  lifeSafety: boolean;
  /** Wire time of the change. */
  atMs: number;
  /** With unit or in words; null: it says nothing. */
  value: LocalText | null;
}

/** How urgent: 0 about life, 1 critical, 2 the others. */
export type Rank = 0 | 1 | 2;

export function rankOf({ lifeSafety, priority }: Pick<AlarmFacts, 'lifeSafety' | 'priority'>): Rank {
  if (lifeSafety) return 0;
  return priority === 'critical' ? 1 : 2;
}
