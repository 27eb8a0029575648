import { errorMessage, PlantroomError } from '@plantroom/contracts';

export interface Stoppable {
  name: string;
  stop(): Promise<void> | void;
}

/** Stops in reverse order of the list; a failure does not keep the rest from stopping. Throws all failures together. */
export async function stopAll(parts: readonly Stoppable[]): Promise<void> {
  const failures: Failure[] = [];
  for (const part of [...parts].reverse()) failures.push(...(await stopOne(part)));
  throwTogether(failures);
}

/** As `stopAll`, all at once: none needs another. */
export async function stopTogether(parts: readonly Stoppable[]): Promise<void> {
  throwTogether((await Promise.all(parts.map(stopOne))).flat());
}

interface Failure {
  name: string;
  error: unknown;
}

async function stopOne(part: Stoppable): Promise<Failure[]> {
  try {
    await part.stop();
    return [];
  } catch (error) {
    return [{ name: part.name, error }];
  }
}

function throwTogether(failures: readonly Failure[]): void {
  if (failures.length === 0) return;
  const told = failures.map(({ name, error }) => `${name}: ${errorMessage(error)}`);
  throw new PlantroomError('STOP_FAILED', `not everything stopped cleanly: ${told.join('; ')}`, {
    cause: failures.length === 1 ? failures[0]?.error : new AggregateError(failures.map(({ error }) => error)),
  });
}
