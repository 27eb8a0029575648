import type { AlarmDefinition } from '@plantroom/contracts';

const text = { zh: '测试', en: 'test' };

export function testDefinition(over: Partial<AlarmDefinition> = {}): AlarmDefinition {
  return {
    id: 'hq/pump-1/discharge-pressure#low',
    source: 'hq/pump-1/discharge-pressure',
    equipment: 'hq/pump-1',
    origin: 'class',
    enabled: true,
    condition: { type: 'limit', kind: 'L', limit: 300, deadband: 10 },
    onDelayMs: 15_000,
    offDelayMs: 30_000,
    priority: 'high',
    latching: false,
    lifeSafety: false,
    opensOrder: true,
    failureMode: 'no-pressure',
    guidance: { name: text, cause: text, consequence: text, response: text, timeToRespondMs: 600_000 },
    ...over,
  };
}
