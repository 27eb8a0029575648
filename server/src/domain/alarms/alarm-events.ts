import type {
  Alarm,
  AlarmJournalEntry,
  AlarmPriority,
  AlarmRefusal,
  PointValue,
  ShelvingMode,
} from '@plantroom/contracts';
import type { RuleEdge } from './condition.ts';

export type AlarmEvent =
  | RuleEdge
  | { type: 'acknowledge'; user: string; comment: string | null }
  | { type: 'reset'; user: string; comment: string | null }
  | { type: 'comment'; user: string; comment: string }
  | { type: 'quality'; uncertain: boolean; atMs: number }
  /** What live data has shown already happened earlier, as late data says. */
  | { type: 'corrected'; edge: RuleEdge }
  /** Late data tells of changes that are over: for the journal only. `sound`: to be heard all the same. */
  | { type: 'historical'; edges: readonly RuleEdge[]; sound: boolean }
  /** How bad it is now. What is lower than before changes nothing. */
  | { type: 'severity'; priority: AlarmPriority; atMs: number; value: PointValue }
  /** `untilMs`: server time; `maxMs`: the longest that is allowed from now. */
  | { type: 'shelve'; mode: ShelvingMode; untilMs: number; maxMs: number; user: string; reason: string }
  | { type: 'unshelve'; user: string; comment: string | null }
  /** `cause`: what suppresses, under a name that ends it again. `user`: null when the system's logic does it. */
  | { type: 'suppress'; cause: string; atMs: number; user: string | null; comment: string | null }
  | { type: 'unsuppress'; cause: string; atMs: number; user: string | null; comment: string | null }
  | {
      type: 'out-of-service';
      user: string;
      approver: string;
      workOrder: string;
      /** Server time. */
      reviewMs: number;
      reason: string;
    }
  | { type: 'return-to-service'; user: string; comment: string | null }
  /** Server time has come: see `dueEvent`. Before its time each of these changes nothing. */
  | { type: 'shelving-due' }
  | { type: 'review-due' }
  | { type: 're-alarm-due' }
  /** A test mode is over, at this server time. */
  | { type: 'test-over'; mode: string; atMs: number }
  /** Limits, priority or texts changed; `withdrawn`: the definition is gone or disabled, which ends any occurrence. */
  | { type: 'configured'; withdrawn: boolean; user: string | null; comment: string | null };

export type JournalRecord = Omit<AlarmJournalEntry, 'seq'>;

export type AlarmEffect =
  | { type: 'journal'; entry: JournalRecord }
  /** Sound and flash. */
  | { type: 'announce' }
  /** Asks the work-order policy; `activation` tells repetitions within one occurrence apart. */
  | { type: 'request-order'; occurrence: string; activation: string; atMs: number; value: PointValue }
  | { type: 'condition-cleared'; atMs: number };

export interface Transition {
  alarm: Alarm;
  effects: readonly AlarmEffect[];
  /** Why an operator's act was not done; the alarm is unchanged then. */
  refused?: AlarmRefusal;
}

/** An event with the server's time at which it is processed. */
export interface Step<T extends AlarmEvent['type'] = AlarmEvent['type']> {
  event: Extract<AlarmEvent, { type: T }>;
  nowMs: number;
  /** Id of the test mode in which what the event tells began; null or left out: it is real. */
  test?: string | null;
}
