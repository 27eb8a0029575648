import { canonicalJson } from '../canonical.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';

/** What the gateway is towards others, and what it holds open for as long as it runs. */
const fixed = [
  'gateway',
  'site',
  'uplinks',
  'outbox',
  'metricsPort',
] as const satisfies readonly (keyof GatewayConfig)[];

/** JSON pointers of what differs and only a restart applies. Values are not told: they may be passwords. */
export function needsRestart(from: GatewayConfig, to: GatewayConfig): string[] {
  return fixed.flatMap((key) => differences(from[key], to[key], `/${key}`));
}

function differences(a: unknown, b: unknown, pointer: string): string[] {
  if (canonicalJson(a) === canonicalJson(b)) return [];
  if (!isObject(a) || !isObject(b)) return [pointer];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], `${pointer}/${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
