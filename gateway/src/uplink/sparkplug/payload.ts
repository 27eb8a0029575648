import { get } from 'sparkplug-payload';
import type { TypeStr, UMetric, UPropertyValue } from 'sparkplug-payload/lib/sparkplugbpayload.js';

export type { TypeStr, UMetric, UPropertyValue };

const codec = get('spBv1.0');
if (codec === null) throw new Error('sparkplug-payload does not know spBv1.0');

/** Protobuf of Sparkplug B; decoded 64-bit numbers are Long objects. */
export const { encodePayload, decodePayload } = codec;

/** A number out of what a 64-bit field decodes to. */
export function toNumber(value: unknown): number {
  if (typeof value === 'object' && value !== null && 'toNumber' in value && typeof value.toNumber === 'function')
    return Number(value.toNumber());
  return Number(value);
}
