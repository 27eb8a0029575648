import type { mentionChoices } from '@plantroom/contracts';
import type { Rank } from '../domain/alarm-facts.ts';

export function mentionsAll(
  choice: (typeof mentionChoices)[number],
  { lifeSafety, rank }: { lifeSafety: boolean; rank: Rank },
): boolean {
  return choice !== 'never' && (lifeSafety || (choice === 'critical' && rank === 1));
}
