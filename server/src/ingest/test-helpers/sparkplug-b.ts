import sparkplugPayload from 'sparkplug-payload';
import type * as sparkplugB from 'sparkplug-payload/lib/sparkplugbpayload.js';

export type { UMetric } from 'sparkplug-payload/lib/sparkplugbpayload.js';

export function get(): typeof sparkplugB {
  const codec = sparkplugPayload.get('spBv1.0');
  if (codec === null) throw new Error('sparkplug-payload has no spBv1.0');
  return codec as unknown as typeof sparkplugB;
}
