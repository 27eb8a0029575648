import { type AlarmDefinition, priorityNumber } from '@plantroom/contracts';
import type { AlarmEvent } from '../alarms/alarm-events.ts';

const fieldEvents = ['raised', 'returned', 'quality', 'corrected', 'historical', 'severity'] as const;
/** What the equipment tells; what people do to an alarm does not wait. */
export type FieldEvent = Extract<AlarmEvent, { type: (typeof fieldEvents)[number] }>;

/** An alarm that has been raised and that nobody has been told of: its cause may still be found. Immutable. */
export interface HeldAlarm {
  /** What its rule has told meanwhile, in order; told to the alarm when the wait is over. */
  events: readonly FieldEvent[];
  /** Server time at which the wait ends, whatever is known. */
  untilMs: number;
}

export function isFieldEvent(event: AlarmEvent): event is FieldEvent {
  return (fieldEvents as readonly string[]).includes(event.type);
}

/** One more event while it waits; that it is no worse than it was told already is no news. */
export function holdBack(definition: AlarmDefinition, held: HeldAlarm, event: FieldEvent): HeldAlarm {
  if (event.type === 'severity') {
    const told = held.events.flatMap((e) => (e.type === 'severity' ? [priorityNumber[e.priority]] : []));
    if (priorityNumber[event.priority] >= Math.min(priorityNumber[definition.priority], ...told)) return held;
  }
  return { ...held, events: [...held.events, event] };
}

/** When the condition came, as far as is known by now. */
export function heldOnsetMs({ events }: HeldAlarm): number {
  const onsets = events.flatMap((event) => {
    const edge = event.type === 'corrected' ? event.edge : event;
    return edge.type === 'raised' ? [edge.onsetMs] : [];
  });
  return Math.min(...onsets);
}
