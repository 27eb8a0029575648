import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type Command,
  type CommandOutcome,
  type CommandReason,
  type CommandRequest,
  errorMessage,
  type Logger,
} from '@plantroom/contracts';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import type { PointCommand } from '../ingest/ingest-options.ts';
import { AccessError } from '../plugins/app/auth.ts';
import { appendAudit } from '../repositories/audit-repository.ts';
import {
  findCommand,
  findCommandByKey,
  insertCommand,
  openCommands,
  updateCommand,
} from '../repositories/command-repository.ts';
import type { Database } from '../repositories/database.ts';
import { commandedPoint } from './command-rules.ts';
import { type CommandEvent, isOpen, nextCommand } from './command-states.ts';

export interface CommandServiceOptions {
  engine: Engine;
  catalog: ServerCatalog;
  database: Database;
  /** Null: handed to the broker. */
  send: (gateway: string, command: PointCommand) => CommandReason | null;
  clock: Clock;
  logger: Logger;
}

/** A gateway answers a command within this, by acceptance or by an end; longer than its line may take to write. */
const answerMs = 40_000;
/** On top of what a gateway says that it needs after acceptance. */
const graceMs = 5_000;

const words: Partial<Record<CommandReason, string>> = {
  'gateway-offline': 'its gateway is offline or takes no commands',
  'device-offline': 'its device is offline',
};

/** Commands from a request to their end: checked, recorded, audited, sent, followed. Each change is committed before anybody is told. */
export class CommandService {
  readonly #o: CommandServiceOptions;
  readonly #timers = new Map<string, () => void>();
  readonly #listeners = new Set<(command: Command) => void>();
  #stopping = false;

  constructor(options: CommandServiceOptions) {
    this.#o = options;
  }

  /** What was under way when the server stopped ends here: nobody listened, so nobody knows. */
  async start(): Promise<void> {
    for (const { id } of await openCommands(this.#o.database.db)) {
      const message = 'the server restarted before it heard what came of the command';
      await this.#advance(id, { type: 'unheard', code: 'server-restarted', message });
    }
  }

  stop(): void {
    this.#stopping = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  onChange(listener: (command: Command) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Answers the command as it is once sent; with a key that was used already, that command. Rejects with AccessError and why. */
  async request(request: CommandRequest, user: string): Promise<Command> {
    const { engine } = this.#o;
    const { command, fresh } = await engine
      .command(async ({ db }) => {
        const held = request.key === undefined ? null : await findCommandByKey(db, user, request.key);
        if (held !== null) return { command: repeated(held, request), fresh: false };
        const made = this.#make(request, user);
        const [open] = await openCommands(db, request.point);
        if (open !== undefined) {
          const message = `another command for "${request.point}" is under way, by ${open.user}`;
          throw new AccessError(409, 'COMMAND_BUSY', message, 'point');
        }
        await insertCommand(db, made, request.key ?? null);
        await this.#audit(db, 'command.request', { request, user, details: { id: made.id, value: request.value } });
        return { command: made, fresh: true };
      })
      .catch(async (error: unknown) => {
        if (error instanceof AccessError) await this.#refused(request, user, error);
        throw error;
      });
    if (!fresh) return command;
    this.#tell(command);
    const code = this.#o.send(command.gateway, command);
    const event: CommandEvent =
      code === null ? { type: 'sent' } : { type: 'not-sent', code, message: words[code] ?? code };
    return (await this.#advance(command.id, event)) ?? command;
  }

  /** What a gateway says. Another gateway's word about a command does not count. */
  outcome(gateway: string, outcome: CommandOutcome): void {
    this.#advance(outcome.id, { type: 'outcome', outcome }, gateway).catch((error: unknown) => {
      this.#o.logger.error(
        { command: outcome.id, reason: errorMessage(error) },
        'the outcome of a command is not recorded',
      );
    });
  }

  #make(request: CommandRequest, user: string): Command {
    const { engine, catalog, clock } = this.#o;
    const { plant } = engine;
    const point = commandedPoint(request, { plant, catalog });
    for (const [code, link] of [
      ['gateway-offline', plant.gateways.get(point.gateway)],
      ['device-offline', plant.devices.get(point.device)],
    ] as const) {
      if (link?.online !== true) {
        const name = code === 'gateway-offline' ? 'COMMAND_GATEWAY_OFFLINE' : 'COMMAND_DEVICE_OFFLINE';
        throw new AccessError(409, name, `"${point.id}" cannot be set now: ${words[code]}`, 'point');
      }
    }
    return {
      id: randomUUID(),
      point: point.id,
      gateway: point.gateway,
      device: point.device,
      value: request.value,
      state: 'requested',
      code: null,
      message: null,
      readBack: null,
      user,
      reason: request.reason?.trim() || null,
      requestedMs: clock.nowMs(),
      sentMs: null,
      acceptedMs: null,
      endedMs: null,
      revision: 0,
    };
  }

  /** Null: there is no such command, or the event changes nothing. */
  async #advance(id: string, event: CommandEvent, gateway?: string): Promise<Command | null> {
    const { engine, clock, logger } = this.#o;
    const changed = await engine.command(async ({ db }) => {
      const command = await findCommand(db, id);
      if (command === null || (gateway !== undefined && command.gateway !== gateway)) {
        logger.info({ command: id, gateway, event }, 'news of a command that is not of this server');
        return null;
      }
      const next = nextCommand(command, event, clock.nowMs());
      if (next !== null) await updateCommand(db, next);
      return next;
    });
    if (changed === null) return null;
    this.#watch(changed, event);
    logger.info({ command: id, point: changed.point, state: changed.state, code: changed.code }, 'command');
    this.#tell(changed);
    return changed;
  }

  #watch(command: Command, event: CommandEvent): void {
    this.#timers.get(command.id)?.();
    this.#timers.delete(command.id);
    if (!isOpen(command) || this.#stopping) return;
    const withinMs = event.type === 'outcome' ? event.outcome.withinMs : undefined;
    const waitMs = withinMs === undefined ? answerMs : withinMs + graceMs;
    const cancel = this.#o.clock.after(waitMs, () => {
      const message = `nothing was heard of the command within ${Math.round(waitMs / 1000)} s`;
      this.#advance(command.id, { type: 'unheard', code: 'no-outcome', message }).catch((error: unknown) => {
        this.#o.logger.error(
          { command: command.id, reason: errorMessage(error) },
          'the end of a command is not recorded',
        );
      });
    });
    this.#timers.set(command.id, cancel);
  }

  /** Who tried what is kept, also when it was refused. A server that is stopping or a database that refuses says so in the log. */
  async #refused(request: CommandRequest, user: string, { code, message }: AccessError): Promise<void> {
    this.#o.logger.warn({ user, point: request.point, value: request.value, code }, `command refused: ${message}`);
    await this.#audit(this.#o.database.db, 'command.refused', {
      request,
      user,
      details: { value: request.value, code },
    }).catch((error: unknown) => {
      this.#o.logger.error({ user, reason: errorMessage(error) }, 'the refusal is not in the audit');
    });
  }

  async #audit(
    db: Parameters<typeof appendAudit>[0],
    action: string,
    { request, user, details }: { request: CommandRequest; user: string; details: unknown },
  ): Promise<void> {
    const reason = request.reason?.trim() || null;
    await appendAudit(db, { atMs: this.#o.clock.nowMs(), user, action, subject: request.point, reason, details });
  }

  #tell(command: Command): void {
    for (const listener of this.#listeners) listener(command);
  }
}

function repeated(held: Command, { point, value, key }: CommandRequest): Command {
  if (held.point === point && held.value === value) return held;
  const message = `key "${key}" was used for ${JSON.stringify(held.value)} to "${held.point}"`;
  throw new AccessError(409, 'COMMAND_KEY_USED', message, 'key');
}
