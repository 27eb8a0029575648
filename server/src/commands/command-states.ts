import { type Command, type CommandOutcome, type CommandReason, openCommandStates } from '@plantroom/contracts';

export type CommandEvent =
  | { type: 'sent' }
  | { type: 'not-sent'; code: CommandReason; message: string }
  | { type: 'outcome'; outcome: CommandOutcome }
  /** Nothing was heard in time, or nobody was there to hear it. */
  | { type: 'unheard'; code: 'no-outcome' | 'server-restarted'; message: string };

export const isOpen = ({ state }: Command): boolean => openCommandStates.includes(state);

/** Pure: what a command becomes; null when the event changes nothing. An end stands, except that of a command nobody had heard of: the truth may come late. */
export function nextCommand(command: Command, event: CommandEvent, nowMs: number): Command | null {
  const revision = command.revision + 1;
  const ended = { revision, endedMs: nowMs };
  switch (event.type) {
    case 'sent':
      return command.state === 'requested' ? { ...command, revision, state: 'sent', sentMs: nowMs } : null;
    case 'not-sent':
      return command.state === 'requested'
        ? { ...command, ...ended, state: 'failed', code: event.code, message: event.message }
        : null;
    case 'unheard':
      return isOpen(command)
        ? { ...command, ...ended, state: 'timed-out', code: event.code, message: event.message }
        : null;
    case 'outcome':
      return afterOutcome(command, event.outcome, { revision, nowMs });
  }
}

function afterOutcome(
  command: Command,
  { state, reason, message, readBack }: CommandOutcome,
  { revision, nowMs }: { revision: number; nowMs: number },
): Command | null {
  if (state === 'accepted') {
    const before = command.state === 'requested' || command.state === 'sent';
    return before ? { ...command, revision, state, sentMs: command.sentMs ?? nowMs, acceptedMs: nowMs } : null;
  }
  const unheard = command.code === 'no-outcome' || command.code === 'server-restarted';
  if (!isOpen(command) && !unheard) return null;
  return { ...command, revision, state, code: reason, message, readBack, endedMs: nowMs };
}
