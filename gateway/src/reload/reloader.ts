import {
  type Clock,
  errorMessage,
  formatProblem,
  type Health,
  type Logger,
  type Problem,
  ProblemsError,
} from '@plantroom/contracts';
import type { LoadedGateway } from '../config/load-config.ts';
import type { GatewayPlan } from '../gateway-plan.ts';
import { isEmptyDiff, type PlanDiff } from './diff-plans.ts';

export interface ReloaderOptions {
  /** As it runs now. */
  loaded: LoadedGateway;
  /** Reads the configuration anew; throws ProblemsError when it cannot be used as a whole. */
  load(): LoadedGateway;
  /** Lines that cannot keep their plan. */
  overloads(loaded: LoadedGateway): Problem[];
  /** Goes over to it, or throws and leaves everything as it was. */
  change(plan: GatewayPlan): Promise<PlanDiff>;
  clock: Clock;
  logger: Logger;
}

export interface ReloadStats {
  /** Reloads that were carried out, also those that found nothing changed. */
  applied: number;
  /** Reloads that left everything as it was, because of what stands in the files. */
  refused: number;
  /** When what runs now was read or found unchanged, UTC ms. */
  appliedMs: number;
}

/** Told in health; the log has all of them. */
const mostTold = 3;

/** Reads the configuration anew and goes over to it; a faulty one changes nothing. One at a time. */
export class Reloader {
  readonly #o: ReloaderOptions;
  readonly #stats: ReloadStats;
  /** Of what runs. */
  #problems: readonly Problem[];
  #overloads: readonly Problem[] = [];
  #refusal: string | undefined;
  #running: Promise<void> | undefined;
  #again: string | undefined;

  constructor(options: ReloaderOptions) {
    this.#o = options;
    this.#stats = { applied: 0, refused: 0, appliedMs: options.clock.nowMs() };
    this.#problems = options.loaded.problems;
  }

  /** Tells what is wrong with what runs from the start. */
  start(): void {
    const { loaded, logger } = this.#o;
    for (const problem of this.#problems) logger.error({ path: problem.path }, formatProblem(problem));
    this.#judge(loaded);
  }

  /** Never rejects: what is wrong is logged. Asked for while one runs, another one follows it; resolves when both have ended. */
  reload(why: string): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = why;
      return this.#running;
    }
    this.#running = this.#run(why).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  stats(): ReloadStats {
    return { ...this.#stats };
  }

  /** Parts of the gateway's health. */
  health(): Health['parts'] {
    const parts: Health['parts'] = { configuration: this.#configuration() };
    for (const { path, message } of this.#overloads) parts[`plan ${path}`] = { status: 'degraded', detail: message };
    return parts;
  }

  #configuration(): Health['parts'][string] {
    if (this.#refusal !== undefined) return { status: 'degraded', detail: this.#refusal };
    if (this.#problems.length === 0) return { status: 'ok' };
    return { status: 'degraded', detail: `left out: ${inWords(this.#problems)}` };
  }

  async #run(first: string): Promise<void> {
    for (let why: string | undefined = first; why !== undefined; why = this.#again) {
      this.#again = undefined;
      try {
        await this.#once(why);
      } catch (error) {
        this.#refuse(why, error);
      }
    }
  }

  async #once(why: string): Promise<void> {
    const { load, change, clock, logger } = this.#o;
    const loaded = load();
    // At start a faulty part is left out, because nothing runs yet; here it runs, and a slip of the pen must not end it.
    if (loaded.problems.length > 0) throw new ProblemsError('CONFIG_INVALID', loaded.problems);
    const diff = await change(loaded);
    this.#problems = [];
    this.#refusal = undefined;
    this.#stats.applied++;
    this.#stats.appliedMs = clock.nowMs();
    const { lines, devices, settings } = diff;
    if (isEmptyDiff(diff)) logger.info({ why }, 'configuration read anew: nothing has changed');
    else
      logger.info(
        { why, lines: counts(lines), devices: counts(devices), settings },
        `configuration reloaded: ${told(diff)}`,
      );
    this.#judge(loaded);
  }

  #judge(loaded: LoadedGateway): void {
    const { overloads, logger } = this.#o;
    this.#overloads = overloads(loaded);
    for (const problem of this.#overloads) logger.error({ path: problem.path }, formatProblem(problem));
  }

  #refuse(why: string, error: unknown): void {
    const { clock, logger } = this.#o;
    this.#stats.refused++;
    const words = error instanceof ProblemsError ? inWords(error.problems) : errorMessage(error);
    const at = new Date(clock.nowMs()).toISOString();
    this.#refusal = `reload of ${at} refused, everything runs as before: ${words}`;
    logger.error({ why }, `configuration not reloaded, everything runs as before:\n${errorMessage(error)}`);
  }
}

function inWords(problems: readonly Problem[]): string {
  const some = problems.slice(0, mostTold).map(formatProblem).join('; ');
  return problems.length > mostTold ? `${some}; and ${problems.length - mostTold} more` : some;
}

function counts<K extends string>(lists: Record<K, readonly string[]>): Record<K, number> {
  return Object.fromEntries(Object.entries<readonly string[]>(lists).map(([key, ids]) => [key, ids.length])) as Record<
    K,
    number
  >;
}

/** `line b reopened; device m7 added`, the untouched left out. */
function told({ lines, devices, settings }: PlanDiff): string {
  const of = (what: string, lists: Record<string, readonly string[]>): string[] =>
    Object.entries(lists).flatMap(([how, ids]) =>
      how === 'kept' || ids.length === 0 ? [] : [`${what} ${ids.join(', ')} ${how}`],
    );
  const set = settings.length === 0 ? [] : [`${settings.join(', ')} set`];
  return [...of('line', lines), ...of('device', devices), ...set].join('; ');
}
