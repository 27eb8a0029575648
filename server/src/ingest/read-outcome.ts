import { CommandOutcome } from '@plantroom/contracts';
import { Value } from 'typebox/value';

/** What a gateway says of a command, from its text; null: it cannot be read. */
export function readOutcome(text: string): CommandOutcome | null {
  let outcome: unknown;
  try {
    outcome = JSON.parse(text);
  } catch {
    return null;
  }
  return Value.Check(CommandOutcome, outcome) ? outcome : null;
}
