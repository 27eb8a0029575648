import { type AnnouncedValue, type Finding, fieldsOf, known, type Recogniser, textOf } from '../message.ts';

/** `<base>/bridge/devices`, retained: every device with its model and what it exposes. */
export const zigbee2mqtt: Recogniser = {
  source: 'zigbee2mqtt',
  filters: () => ['+/bridge/devices', '+/+/bridge/devices'],
  read({ topic, payload }) {
    const [, base] = /^(.+)\/bridge\/devices$/.exec(topic) ?? [];
    if (base === undefined) return undefined;
    if (payload === '') return { findings: [] };
    if (!Array.isArray(payload)) return { fault: 'is not a list of devices' };
    return { findings: payload.flatMap((entry) => findingOf(base, entry)) };
  },
};

function findingOf(base: string, entry: unknown): Finding[] {
  const device = fieldsOf(entry);
  const address = textOf(device?.ieee_address);
  if (device === undefined || address === undefined || device.type === 'Coordinator') return [];
  const name = textOf(device.friendly_name) ?? address;
  const definition = fieldsOf(device.definition);
  const topic = `${base}/${name}`;
  return [
    {
      key: `zigbee ${address.toLowerCase()}`,
      source: 'zigbee2mqtt',
      name,
      parameters: { 'friendly-name': name, base },
      topics: [topic, `${topic}/availability`, `${base}/bridge/state`],
      values: exposed(topic, definition?.exposes),
      ...known({
        vendor: textOf(definition?.vendor) ?? textOf(device.manufacturer),
        model: textOf(definition?.model) ?? textOf(device.model_id),
        needsNone: needsNone(device),
      }),
    },
  ];
}

function needsNone(device: Readonly<Record<string, unknown>>): string | undefined {
  if (device.disabled === true) return 'it is disabled in zigbee2mqtt';
  if (device.interview_completed === false)
    return 'zigbee2mqtt has not finished its interview: wake it up and try again';
  return undefined;
}

/** Features of composite exposes (a light, a switch) lie one level deeper and say their property all the same. */
function exposed(topic: string, exposes: unknown): AnnouncedValue[] {
  if (!Array.isArray(exposes)) return [];
  return exposes.flatMap((entry) => {
    const expose = fieldsOf(entry);
    const path = textOf(expose?.property);
    const own = path === undefined ? [] : [{ topic, path, ...known({ unit: textOf(expose?.unit) }) }];
    return [...own, ...(path === undefined ? exposed(topic, expose?.features) : [])];
  });
}
