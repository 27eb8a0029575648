import { type Finding, fieldsOf, known, type Recogniser, textOf } from '../message.ts';

/** `tasmota/discovery/<mac>/config`, retained, and the telemetry itself for devices that do not announce themselves. */
export const tasmota: Recogniser = {
  source: 'Tasmota',
  filters: () => [
    'tasmota/discovery/+/config',
    'tasmota/discovery/+/sensors',
    'tele/+/SENSOR',
    'tele/+/STATE',
    'stat/+/RESULT',
  ],
  read(message) {
    const { topic, payload } = message;
    const [, mac, kind] = /^tasmota\/discovery\/([^/]+)\/(config|sensors)$/.exec(topic) ?? [];
    if (mac !== undefined) {
      if (payload === '') return { findings: [] };
      const said = fieldsOf(payload);
      if (said === undefined) return { fault: 'is not a JSON object' };
      // What its sensors measure comes with the telemetry; here nobody says under which topic.
      if (kind === 'sensors') return { findings: [] };
      return announced(mac, said) ?? { fault: 'has no topic (t), full topic (ft) or prefixes (tp)' };
    }
    const [, name] = /^(?:tele|stat)\/([^/]+)\/(?:SENSOR|STATE|RESULT)$/.exec(topic) ?? [];
    if (name === undefined) return undefined;
    if (fieldsOf(payload) === undefined) return { fault: 'is not a JSON object' };
    return { findings: [{ ...of(name), topics: [topic], telling: true }] };
  },
};

const of = (name: string): Finding => ({
  key: `tasmota ${name}`,
  source: 'Tasmota',
  name,
  vendor: 'Tasmota',
  parameters: { topic: name },
});

function announced(mac: string, said: Readonly<Record<string, unknown>>): { findings: Finding[] } | undefined {
  const name = textOf(said.t);
  const fullTopic = textOf(said.ft);
  const prefixes = Array.isArray(said.tp) ? said.tp.map((entry) => textOf(entry) ?? '') : [];
  const [, , telemetry] = prefixes;
  if (name === undefined || fullTopic === undefined || telemetry === undefined) return undefined;
  const fill = (prefix: string, rest: string): string =>
    `${fullTopic.replaceAll('%prefix%', prefix).replaceAll('%topic%', name).replaceAll('%id%', mac.slice(-6)).replace(/\/$/, '')}/${rest}`;
  return {
    findings: [
      {
        ...of(name),
        name: textOf(said.dn) ?? name,
        topics: [fill(telemetry, 'SENSOR'), fill(telemetry, 'STATE'), fill(telemetry, 'LWT')],
        ...known({ model: textOf(said.md) }),
      },
    ],
  };
}
