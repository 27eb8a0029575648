import type { AlarmPriority, AlarmState, JournalRow } from '@plantroom/contracts';

/** What the KPIs read of an entry. */
export type KpiRow = Pick<
  JournalRow,
  | 'alarm'
  | 'equipment'
  | 'action'
  | 'stateBefore'
  | 'stateAfter'
  | 'priority'
  | 'atMs'
  | 'recordedMs'
  | 'historical'
  | 'user'
  | 'details'
>;

export interface Activation {
  /** Wire time. */
  startMs: number;
  /** Wire time of its return; null: still active. */
  endMs: number | null;
  /** It came in the period and was told to the operator. */
  annunciated: boolean;
  /** It ended by returning to normal, not by being latched or withdrawn. */
  returned: boolean;
}

/** One alarm as the journal tells it. */
export interface AlarmTrack {
  alarm: string;
  equipment: string | null;
  priority: AlarmPriority;
  state: AlarmState;
  /** Server time of the last change of the state. */
  stateSinceMs: number;
  /** Server time since when somebody has to acknowledge it; null: nobody has to. */
  unackedSinceMs: number | null;
  activations: Activation[];
}

const unacked: readonly AlarmState[] = ['UNACK', 'RTNUN', 'LATCHED-UNACK'];
const over: readonly AlarmState[] = ['NORM', 'RTNUN', 'LATCHED-UNACK', 'LATCHED-ACK'];

export const isUnacked = (state: AlarmState): boolean => unacked.includes(state);

export function newTrack(row: KpiRow, sinceMs: number): AlarmTrack {
  return {
    alarm: row.alarm,
    equipment: row.equipment,
    priority: row.priority,
    state: row.stateBefore,
    stateSinceMs: sinceMs,
    unackedSinceMs: isUnacked(row.stateBefore) ? sinceMs : null,
    activations: [],
  };
}

/** Takes over what an entry says of when the condition held. `annunciated`: it counts as one that was told in the period. */
export function followCondition(track: AlarmTrack, row: KpiRow, annunciated: boolean): void {
  const last = track.activations.at(-1);
  const open = last !== undefined && last.endMs === null ? last : undefined;
  if (row.action === 'activated' || row.action === 'reactivated') {
    if (open !== undefined) open.endMs = Math.max(open.startMs, row.atMs);
    track.activations.push({ startMs: row.atMs, endMs: null, annunciated, returned: false });
  } else if (row.action === 'corrected') {
    // Late data: it was raised, or returned, earlier than was known.
    if (open !== undefined) open.startMs = Math.min(open.startMs, row.atMs);
    else if (last?.endMs != null) last.endMs = Math.max(last.startMs, Math.min(last.endMs, row.atMs));
  } else if (row.action === 'returned' || row.action === 'latched' || over.includes(row.stateAfter)) {
    if (open === undefined) return;
    open.endMs = Math.max(open.startMs, row.atMs);
    open.returned = row.action === 'returned' || (row.action === 'shelving-expired' && row.stateAfter === 'NORM');
  } else if (open === undefined && (row.stateAfter === 'UNACK' || row.stateAfter === 'ACKED')) {
    // Its beginning is not in the journal.
    track.activations.push({ startMs: row.atMs, endMs: null, annunciated: false, returned: false });
  }
}
