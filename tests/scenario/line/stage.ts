import type { LineTime } from './line-time.ts';
import type { Past } from './live-past.ts';
import type { ScenarioLine } from './scenario-line.ts';

/** Where a scenario is played: a line, the time that passes on it, and what can be taken away from it. */
export interface Stage {
  time: LineTime;
  line: ScenarioLine;
  /** UTC ms at which its time began. */
  startMs: number;
  /** Throws STAGE_CANNOT_CUT where sockets are real; the answer mends it. */
  cut(what: string): () => void;
  end(): Promise<void>;
}

export interface StageOptions {
  seed: number;
  /** UTC ms at which time is to begin; real time begins when it does. */
  startMs: number;
  /** What the building has been through when the line is opened; left out: nothing. Not in real time. */
  past?: Past | undefined;
  /** Alarm ids that are never raised; left out: none. */
  isDisabled?: ((id: string) => boolean) | undefined;
}
