import type { PreviewPolicy, PreviewRecipient, PreviewRequest } from '@plantroom/contracts';
import { type AlarmFacts, rankOf } from './domain/alarm-facts.ts';
import type { NotificationConfig } from './domain/config.ts';
import { isEndless, rungOf } from './domain/ladder.ts';
import { policiesFor } from './domain/policy-match.ts';
import { recipientsOf, routesOf } from './domain/recipients.ts';

/** Repetitions that are shown; the rest is alike. */
const shownRepeats = 1;

/** Pure: who would be told, by the functions that the ladder is climbed with; each step by the roster of its own time. */
export function previewOf(
  config: NotificationConfig,
  alarm: Pick<AlarmFacts, 'site' | 'system' | 'class' | 'equipment' | 'priority' | 'lifeSafety'>,
  { atMs }: { atMs: NonNullable<PreviewRequest['atMs']> },
): PreviewPolicy[] {
  const rank = rankOf(alarm);
  return policiesFor(config.policies.values(), alarm).map((policy) => {
    const rungs: PreviewPolicy['rungs'] = [];
    for (let index = 0; index < policy.steps.length + shownRepeats; index++) {
      const rung = rungOf(policy, index, alarm.lifeSafety);
      if (rung === null) break;
      const dueMs = atMs + rung.afterMs;
      const recipients = recipientsOf(rung.targets, config, dueMs).map(
        (recipient): PreviewRecipient => ({
          person: 'person' in recipient ? recipient.person.id : null,
          routes: routesOf(recipient, { config, rank, atMs: dueMs }).map(({ channel, address, heldUntilMs }) => ({
            channel,
            address,
            heldUntilMs,
          })),
        }),
      );
      rungs.push({ atMs: dueMs, repeated: rung.repeated, recipients });
    }
    return { policy: policy.id, name: policy.name, rungs, endless: isEndless(policy, alarm.lifeSafety) };
  });
}
