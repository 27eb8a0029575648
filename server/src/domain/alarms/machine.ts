import type { Alarm, AlarmDefinition, AlarmFlags, AlarmJournalEntry, PointValue } from '@plantroom/contracts';
import type { RuleEdge } from './condition.ts';
import { displayState } from './display-state.ts';

export type AlarmEvent =
  | RuleEdge
  | { type: 'acknowledge'; user: string; comment: string | null }
  | { type: 'reset'; user: string; comment: string | null }
  | { type: 'quality'; uncertain: boolean; atMs: number }
  /** What live data has shown already happened earlier, as late data says. */
  | { type: 'corrected'; edge: RuleEdge }
  /** Late data tells of changes that are over: for the journal only. `sound`: to be heard all the same. */
  | { type: 'historical'; edges: readonly RuleEdge[]; sound: boolean }
  /** Limits, priority or texts changed; `withdrawn`: the definition is gone or disabled, which ends any occurrence. */
  | { type: 'configured'; withdrawn: boolean; user: string | null; comment: string | null };

export type JournalRecord = Omit<AlarmJournalEntry, 'seq'>;

export type AlarmEffect =
  | { type: 'journal'; entry: JournalRecord }
  /** Sound and flash. */
  | { type: 'announce' }
  /** Asks the work-order policy; `activation` tells repetitions within one occurrence apart. */
  | { type: 'request-order'; occurrence: string; activation: number; atMs: number; value: PointValue }
  | { type: 'condition-cleared'; atMs: number };

export interface Transition {
  alarm: Alarm;
  effects: readonly AlarmEffect[];
  /** Why an operator's act was not done; the alarm is unchanged then. */
  refused?: 'ALARM_ACTIVE' | 'ALARM_NOT_ACKNOWLEDGED';
}

interface Change {
  action: JournalRecord['action'];
  flags?: Partial<AlarmFlags>;
  set?: Partial<Alarm>;
  atMs: number;
  nowMs: number;
  user?: string | null;
  comment?: string | null;
  value?: PointValue;
  follow?: readonly AlarmEffect[];
}

/** An alarm that has never been raised. */
export function initialAlarm(definition: AlarmDefinition): Alarm {
  return {
    id: definition.id,
    occurrence: null,
    source: definition.source,
    equipment: definition.equipment,
    state: 'NORM',
    flags: {
      active: false,
      acked: true,
      latched: false,
      shelved: false,
      suppressed: false,
      outOfService: false,
      uncertain: false,
    },
    ...meaning(definition),
    onsetMs: null,
    activeMs: null,
    returnedMs: null,
    ackedMs: null,
    ackedBy: null,
    ackComment: null,
    onsetValue: null,
    lastValue: null,
    count: 0,
    workOrder: null,
    revision: 0,
  };
}

/**
 * Pure: the ISA-18.2 transition table on orthogonal flags. Every change carries its journal entry; an event that changes
 * nothing gives the same object and no effects, so repeating an operator's act or an input is harmless.
 */
export function transition(
  definition: AlarmDefinition,
  alarm: Alarm,
  step: { event: AlarmEvent; nowMs: number },
): Transition {
  const { event, nowMs } = step;
  switch (event.type) {
    case 'raised':
      return raise(definition, alarm, { event, nowMs });
    case 'returned':
      return giveBack(definition, alarm, { event, nowMs });
    case 'acknowledge':
      return acknowledge(alarm, event, nowMs);
    case 'reset':
      return reset(alarm, event, nowMs);
    case 'quality': {
      // A normal alarm says nothing about its source; that is the device alarm's matter.
      if (alarm.state === 'NORM' || alarm.flags.uncertain === event.uncertain) return unchanged(alarm);
      const action = event.uncertain ? 'uncertain' : 'certain';
      return change(alarm, { action, flags: { uncertain: event.uncertain }, atMs: event.atMs, nowMs });
    }
    case 'corrected':
      return correct(alarm, event.edge, nowMs);
    case 'historical':
      return { alarm, effects: history(alarm, event, nowMs) };
    case 'configured':
      return configure(definition, alarm, { event, nowMs });
  }
}

function raise(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs }: { event: Extract<AlarmEvent, { type: 'raised' }>; nowMs: number },
): Transition {
  if (alarm.flags.active) return unchanged(alarm);
  const again = alarm.state !== 'NORM';
  const occurrence = again && alarm.occurrence !== null ? alarm.occurrence : occurrenceId(alarm, event.onsetMs);
  const count = again ? alarm.count + 1 : 1;
  return change(alarm, {
    action: again ? 'reactivated' : 'activated',
    flags: { active: true, acked: false, latched: false, uncertain: false },
    set: {
      ...meaning(definition),
      occurrence,
      count,
      onsetMs: again ? alarm.onsetMs : event.onsetMs,
      activeMs: again ? alarm.activeMs : event.atMs,
      returnedMs: null,
      ackedMs: null,
      ackedBy: null,
      ackComment: null,
      onsetValue: again ? alarm.onsetValue : event.value,
      lastValue: event.value,
      workOrder: again ? alarm.workOrder : null,
    },
    atMs: event.atMs,
    nowMs,
    value: event.value,
    follow: [
      { type: 'announce' },
      ...(definition.opensOrder
        ? [
            {
              type: 'request-order' as const,
              occurrence,
              activation: count,
              atMs: event.atMs,
              value: event.value,
            },
          ]
        : []),
    ],
  });
}

function giveBack(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs }: { event: Extract<AlarmEvent, { type: 'returned' }>; nowMs: number },
): Transition {
  if (!alarm.flags.active) return unchanged(alarm);
  return change(alarm, {
    action: definition.latching ? 'latched' : 'returned',
    flags: { active: false, latched: definition.latching },
    set: { returnedMs: event.atMs, lastValue: event.value },
    atMs: event.atMs,
    nowMs,
    value: event.value,
    follow: [{ type: 'condition-cleared', atMs: event.atMs }],
  });
}

function correct(alarm: Alarm, edge: RuleEdge, nowMs: number): Transition {
  const { atMs, value } = edge;
  if (edge.type === 'raised') {
    // Of an occurrence that was raised more than once, onset and value are those of the first time.
    const isFirst = alarm.flags.active && alarm.count === 1 && (alarm.onsetMs ?? 0) > edge.onsetMs;
    const set = isFirst ? { onsetMs: edge.onsetMs, activeMs: atMs, onsetValue: value } : {};
    return change(alarm, { action: 'corrected', set, atMs, nowMs, value });
  }
  const set = !alarm.flags.active && (alarm.returnedMs ?? 0) > atMs ? { returnedMs: atMs } : {};
  return change(alarm, { action: 'corrected', set, atMs, nowMs, value });
}

function history(
  alarm: Alarm,
  { edges, sound }: Extract<AlarmEvent, { type: 'historical' }>,
  nowMs: number,
): readonly AlarmEffect[] {
  const [first] = edges;
  // An occurrence of its own, unless it happened within one.
  const occurrence = first?.type === 'raised' ? `${alarm.id}@${first.onsetMs}` : alarm.occurrence;
  const entries = edges.map(({ type, atMs, value }): AlarmEffect => {
    const action = type === 'returned' ? 'returned' : first?.type === 'raised' ? 'activated' : 'reactivated';
    return {
      type: 'journal',
      entry: {
        alarm: alarm.id,
        occurrence,
        action,
        stateBefore: alarm.state,
        stateAfter: alarm.state,
        priority: alarm.priority,
        atMs,
        recordedMs: nowMs,
        historical: true,
        user: null,
        comment: null,
        value,
      },
    };
  });
  return sound ? [...entries, { type: 'announce' }] : entries;
}

function acknowledge(alarm: Alarm, event: Extract<AlarmEvent, { type: 'acknowledge' }>, nowMs: number): Transition {
  if (alarm.flags.acked) return unchanged(alarm);
  return change(alarm, {
    action: 'acknowledged',
    flags: { acked: true },
    set: { ackedMs: nowMs, ackedBy: event.user, ackComment: event.comment },
    atMs: nowMs,
    nowMs,
    user: event.user,
    comment: event.comment,
  });
}

function reset(alarm: Alarm, event: Extract<AlarmEvent, { type: 'reset' }>, nowMs: number): Transition {
  if (alarm.flags.active) return { ...unchanged(alarm), refused: 'ALARM_ACTIVE' };
  if (!alarm.flags.latched) return unchanged(alarm);
  if (!alarm.flags.acked) return { ...unchanged(alarm), refused: 'ALARM_NOT_ACKNOWLEDGED' };
  return change(alarm, {
    action: 'reset',
    flags: { latched: false },
    atMs: nowMs,
    nowMs,
    user: event.user,
    comment: event.comment,
  });
}

function configure(
  definition: AlarmDefinition,
  alarm: Alarm,
  { event, nowMs }: { event: Extract<AlarmEvent, { type: 'configured' }>; nowMs: number },
): Transition {
  const ends = event.withdrawn && alarm.state !== 'NORM';
  const now = meaning(definition);
  const same = JSON.stringify(now) === JSON.stringify(meaning(alarm));
  // An alarm that is normal and merely changes its limits is the audit's matter, not the journal's.
  if (!ends && (same || alarm.state === 'NORM')) return unchanged(alarm);
  return change(alarm, {
    action: 'configured',
    flags: ends ? { active: false, latched: false, acked: true } : {},
    set: ends ? { ...now, returnedMs: alarm.returnedMs ?? nowMs } : now,
    atMs: nowMs,
    nowMs,
    user: event.user,
    comment: event.comment,
    follow: ends && alarm.flags.active ? [{ type: 'condition-cleared', atMs: nowMs }] : [],
  });
}

function meaning(of: Pick<AlarmDefinition, 'priority' | 'lifeSafety' | 'guidance' | 'condition'>) {
  return { priority: of.priority, lifeSafety: of.lifeSafety, guidance: of.guidance, condition: of.condition };
}

/** The revision tells apart two occurrences with one onset: a limit that is set, removed and set again on a value that stands. */
function occurrenceId(alarm: Alarm, onsetMs: number): string {
  return `${alarm.id}@${onsetMs}.${alarm.revision + 1}`;
}

function unchanged(alarm: Alarm): Transition {
  return { alarm, effects: [] };
}

function change(before: Alarm, what: Change): Transition {
  const flags = { ...before.flags, ...what.flags };
  const state = displayState(flags);
  if (state === 'NORM') flags.uncertain = false;
  const alarm: Alarm = { ...before, ...what.set, flags, state, revision: before.revision + 1 };
  const entry: JournalRecord = {
    alarm: alarm.id,
    occurrence: alarm.occurrence,
    action: what.action,
    stateBefore: before.state,
    stateAfter: state,
    priority: alarm.priority,
    atMs: what.atMs,
    recordedMs: what.nowMs,
    historical: false,
    user: what.user ?? null,
    comment: what.comment ?? null,
    value: what.value === undefined ? alarm.lastValue : what.value,
  };
  return { alarm, effects: [{ type: 'journal', entry }, ...(what.follow ?? [])] };
}
