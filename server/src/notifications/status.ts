import type { NotificationStatus, PolicyMatch } from '@plantroom/contracts';
import type { ChannelConfig, NotificationConfig } from './domain/config.ts';
import { isAnswerable, recipientsOf, routesOf } from './domain/recipients.ts';
import { onDuty } from './domain/roster.ts';

type Gap = NotificationStatus['gaps'][number];

/** Pure: what keeps alarms from being told, the most serious first. */
export function gapsOf(
  config: NotificationConfig,
  {
    nowMs,
    missingSecrets,
    trouble,
  }: {
    nowMs: number;
    missingSecrets: (channel: ChannelConfig) => string[];
    trouble: (channel: string) => string | null;
  },
): Gap[] {
  const channels = [...config.channels.values()].filter(({ enabled }) => enabled);
  const policies = [...config.policies.values()].filter(({ enabled }) => enabled);
  if (channels.length === 0) return [{ gap: 'no-channel', subject: null, detail: null }];
  if (policies.length === 0) return [{ gap: 'no-policy', subject: null, detail: null }];
  const gaps: Gap[] = [];
  const forLife = policies.filter(({ match }) => mayMatchLifeSafety(match));
  if (forLife.length === 0) gaps.push({ gap: 'life-safety-untold', subject: null, detail: null });
  for (const policy of forLife) {
    const asks = policy.steps.some(({ targets }) =>
      recipientsOf(targets, config, nowMs).some((recipient) =>
        routesOf(recipient, { config, rank: 0, atMs: nowMs }).some(({ channel, person }) => {
          const kind = config.channels.get(channel)?.settings.kind;
          return person !== null && kind !== undefined && isAnswerable(kind);
        }),
      ),
    );
    if (!asks) gaps.push({ gap: 'life-safety-unanswered', subject: policy.id, detail: policy.name });
  }
  for (const channel of channels) {
    const missing = missingSecrets(channel);
    if (missing.length > 0)
      gaps.push({ gap: 'channel-incomplete', subject: channel.id, detail: `${channel.name}: ${missing.join(', ')}` });
    const reason = trouble(channel.id);
    if (reason !== null)
      gaps.push({ gap: 'channel-failing', subject: channel.id, detail: `${channel.name}: ${reason}` });
  }
  const called = new Set(
    policies.flatMap(({ steps }) =>
      steps.flatMap(({ targets }) => targets.flatMap((t) => (t.type === 'roster' ? [t.id] : []))),
    ),
  );
  for (const id of called) {
    const roster = config.rosters.get(id);
    if (roster !== undefined && onDuty(roster, nowMs).length === 0)
      gaps.push({ gap: 'nobody-on-duty', subject: id, detail: roster.name });
  }
  if (config.settings.publicUrl === null && channels.some(({ settings }) => isAnswerable(settings.kind))) {
    gaps.push({ gap: 'no-public-url', subject: null, detail: null });
  }
  return gaps;
}

const mayMatchLifeSafety = ({ lifeSafety, priorities }: PolicyMatch): boolean =>
  lifeSafety !== false && (priorities === undefined || priorities.length === 0 || priorities.includes('critical'));
