export const qualities = ['good', 'uncertain', 'bad'] as const;
export type Quality = (typeof qualities)[number];

export const qualityReasons = [
  'stale',
  'out-of-range',
  'device-error',
  'comm-lost',
  'substituted',
  'simulated',
  'manual',
] as const;
export type QualityReason = (typeof qualityReasons)[number];

/**
 * Sparkplug `Quality` property, Int32 (payloads-propertyset-quality-value-value allows 0 bad, 192 good, 500 stale).
 * `uncertain` travels as 500; the reason travels beside it in the property `Reason`, so nothing is lost between our own ends.
 */
export const sparkplugQuality = { bad: 0, good: 192, uncertain: 500 } as const satisfies Record<Quality, number>;

export function qualityFromSparkplug(code: number): Quality {
  if (code === sparkplugQuality.good) return 'good';
  return code === sparkplugQuality.uncertain ? 'uncertain' : 'bad';
}

export function isQualityReason(text: string): text is QualityReason {
  return (qualityReasons as readonly string[]).includes(text);
}
