import type { AlarmDefinition } from '@plantroom/contracts';

/** Longest on-delay of an alarm of life safety that its equipment tells itself. */
export const lifeSafetyDelayMs = 5_000;

/**
 * An alarm that the site says is about life. What it has set about the alarm otherwise holds as far as it does not loosen that: it is critical, it
 * counts in the operating states that its class says (`base`), and it waits 5 s at most. Pure.
 */
export function raisedToLifeSafety(definition: AlarmDefinition, base = definition): AlarmDefinition {
  const { onDelayMs, enabledWhen: _, ...rest } = definition;
  return {
    ...rest,
    ...(base.enabledWhen === undefined ? {} : { enabledWhen: base.enabledWhen }),
    lifeSafety: true,
    enabled: true,
    priority: 'critical',
    onDelayMs: Math.min(onDelayMs, lifeSafetyDelayMs),
  };
}
