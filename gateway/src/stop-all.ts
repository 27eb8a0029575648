import { errorMessage, PlantroomError } from '@plantroom/contracts';

export interface Stoppable {
  name: string;
  stop(): Promise<void> | void;
}

/** Stops in reverse order of the list; a failure does not keep the rest from stopping. Throws all failures together. */
export async function stopAll(parts: readonly Stoppable[]): Promise<void> {
  const failures: unknown[] = [];
  const told: string[] = [];
  for (const part of [...parts].reverse()) {
    try {
      await part.stop();
    } catch (error) {
      failures.push(error);
      told.push(`${part.name}: ${errorMessage(error)}`);
    }
  }
  if (failures.length > 0)
    throw new PlantroomError('STOP_FAILED', `not everything stopped cleanly: ${told.join('; ')}`, {
      cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
    });
}
