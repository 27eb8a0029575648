import type { CommandOutcome } from '@plantroom/contracts';
import type { CommandDesk } from '../../commands/command-desk.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { PointHistory } from './former-points.ts';
import type { NodeCommand } from './node-commands.ts';
import { SparkplugSession } from './session.ts';
import type { SessionOptions, SessionStart } from './session-options.ts';
import { SessionView } from './session-view.ts';

export interface SessionsOptions extends Omit<SessionOptions, 'table' | 'pipeline' | 'commands'> {
  history: PointHistory;
  pipeline: Pick<Pipeline, 'watermarkMs' | 'last' | 'deviceState'>;
  /** Left out: nothing can be written. */
  commands?: CommandDesk | undefined;
}

/**
 * The sessions of one connection, one after the other: each is born with one table and ends when the configuration is another. Before a
 * reload's NBIRTH everything that was read by the earlier table has been sent, and devices that are gone have had their DDEATH. Only readings
 * of the safety lane do not wait for that: the next session then begins at once and is born with the former points too.
 */
export class Sessions {
  readonly #o: SessionsOptions;
  #session: SparkplugSession;
  #view: SessionView;
  #isNewHost = false;

  constructor(options: SessionsOptions, start: SessionStart) {
    this.#o = options;
    const { session, view } = this.#begin(start);
    this.#session = session;
    this.#view = view;
  }

  get hostConfirms(): boolean | undefined {
    return this.#session.handOver().hostConfirms;
  }

  command(command: NodeCommand): void {
    this.#session.command(command);
  }

  outcome(outcome: CommandOutcome): void {
    this.#session.outcome(outcome);
  }

  /** What the host could not be told before the end. */
  untold(): readonly CommandOutcome[] {
    return this.#session.untold();
  }

  /** The history has another table. Takes effect with the next pump. */
  change(): void {
    const { history } = this.#o;
    this.#view.change(history.table);
    this.#session.endAt(history.until, { hold: true });
  }

  /**
   * The host has another connection and was not seen to go: what it has not confirmed may have gone to nobody and is sent again after a new birth.
   * Takes effect with the next pump.
   */
  hostIsAnother(): void {
    this.#isNewHost = true;
    this.#session.stop();
  }

  /** As that of the session. */
  async pump(options: { progress: boolean }): Promise<void> {
    this.#hurry();
    await this.#session.pump(options);
    while (this.#session.ended) {
      const { sent, ...start } = this.#session.handOver();
      const { session, view } = this.#begin(this.#isNewHost ? start : { ...start, sent });
      this.#isNewHost = false;
      this.#session = session;
      this.#view = view;
      await session.pump(options);
    }
  }

  /** Safety readings that lie behind the change do not wait for the backlog before it. */
  #hurry(): void {
    if (this.#session.holdsLong && this.#o.outbox.position('safety') > this.#o.history.until.safety)
      this.#session.stop();
  }

  #begin(start: SessionStart): { session: SparkplugSession; view: SessionView } {
    const { history, pipeline, commands, ...shared } = this.#o;
    const { outbox, uplink } = shared;
    const sent = start.sent ?? { safety: outbox.committed(uplink, 'safety'), live: outbox.committed(uplink, 'live') };
    const { table, until } = history.tableFrom(sent);
    const view = new SessionView(pipeline, { table, current: history.table });
    const session = new SparkplugSession(
      { ...shared, table, pipeline: view, commands: commands?.anyWritable === true ? commands : undefined },
      { ...start, sent },
    );
    if (until !== undefined) session.endAt(until, { hold: false });
    return { session, view };
  }
}
