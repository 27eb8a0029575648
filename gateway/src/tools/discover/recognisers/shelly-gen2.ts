import { type Finding, fieldsOf, known, type Recogniser, textOf } from '../message.ts';
import { modelOf } from './shelly-gen1.ts';

/** Components of the second and later generations, as in `em:0`. */
const component = /^[a-z0-9_]+:\d+$/;

/** `<prefix>/events/rpc` with notifications and `<prefix>/status/<component>` where that is switched on; the prefix is the device's id unless changed. */
export const shellyGen2: Recogniser = {
  source: 'Shelly Gen2',
  filters: () => ['+', '+/+'].flatMap((prefix) => [`${prefix}/events/rpc`, `${prefix}/status/+`]),
  read({ topic, payload }) {
    const [, prefix, what] = /^(.+)\/(events\/rpc|status\/[^/]+)$/.exec(topic) ?? [];
    if (prefix === undefined || what === undefined) return undefined;
    const said = fieldsOf(payload);
    if (what === 'events/rpc') {
      const id = textOf(said?.src);
      if (said === undefined || id === undefined || textOf(said.method)?.startsWith('Notify') !== true) {
        return { fault: 'is no notification: it has no src or method' };
      }
      return { findings: [findingOf(prefix, topic, id)] };
    }
    // Others have topics of this form too: only a component's own status is taken.
    const name = what.slice('status/'.length);
    if (!component.test(name) || said === undefined || typeof said.id !== 'number') return undefined;
    return { findings: [findingOf(prefix, topic)] };
  },
};

function findingOf(prefix: string, topic: string, id?: string): Finding {
  return {
    key: `shelly-gen2 ${prefix}`,
    source: 'Shelly Gen2',
    name: prefix,
    vendor: 'Shelly',
    parameters: { prefix },
    topics: [topic, `${prefix}/online`],
    telling: true,
    // Its last will lies where those of the first generation lie, when the site chose such a prefix.
    alias: prefix.startsWith('shellies/') ? [`shelly ${prefix.slice('shellies/'.length)}`] : [],
    ...known(modelOf(id ?? prefix)),
  };
}
