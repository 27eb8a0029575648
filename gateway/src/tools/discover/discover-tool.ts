import { resolve } from 'node:path';
import { PlantroomError } from '@plantroom/contracts';
import { type Catalog, loadCatalog } from '@plantroom/device-profiles';
import type { MqttConnection } from '../../config/gateway-config.ts';
import type { LoadedGateway } from '../../config/load-config.ts';
import { onlyPositional, parseOptions, wholeOption } from '../options.ts';
import { exitCodes, type Tool, type ToolIo } from '../tool.ts';
import { entryFor } from './entries.ts';
import { Gathering } from './gather.ts';
import { listen } from './listen.ts';
import { type FoundDevice, mergeDevices } from './merge-devices.ts';
import { recognisers } from './recognisers/registry.ts';
import { type DiscoverResult, renderDiscovery } from './render.ts';
import { suggest } from './suggest.ts';
import { discoverTarget } from './target.ts';

export const discoverTool: Tool = {
  name: 'discover',
  usage: 'BROKER|FILE.yaml [--connection ID] [--seconds N] [--ask] …',
  summary:
    'listens on an MQTT broker and names the devices there, the profile of each and the entry for the gateway file',
  help: `Subscribes with a session of its own and publishes nothing, unless --ask. What is retained comes first; devices that announce nothing (LoRaWAN
sensors, meters) are found when they speak. BROKER is mqtt://HOST[:PORT], also mqtts, ws and wss; with FILE.yaml the broker is that of
its MQTT connection, and devices that the file has already are not suggested again.

Recognised are zigbee2mqtt, Home Assistant discovery (single entities and whole devices), Shelly of the first and later generations, Tasmota,
and ChirpStack 4. The result is YAML to paste into the gateway file; comments say on what each suggestion rests, what fits no profile and why,
and which messages could not be read.

  --connection ID           FILE.yaml: which MQTT connection, when it has several
  --seconds 15              how long to listen, at most 86400
  --ask                     publishes "announce" to shellies/command, so that first generation Shelly devices name their model
  --prefix homeassistant    first level of Home Assistant's discovery topics
  --username NAME           --password-variable NAME   the environment variable that holds the password
  --catalog FOLDER          profiles of one's own; those of FILE.yaml are read anyway
  --json                    one JSON document in place of YAML

Ends early with Ctrl-C and shows what was found. Exit code 1 when no device was found or the broker broke off.`,
  run: async (args, io) => {
    const options = parseOptions('discover', args, {
      connection: 'text',
      seconds: 'text',
      ask: 'flag',
      prefix: 'text',
      username: 'text',
      'password-variable': 'text',
      catalog: 'list',
      json: 'flag',
    });
    const target = onlyPositional('discover', options, 'BROKER or FILE.yaml');
    const seconds = wholeOption('seconds', options.texts.get('seconds'), { otherwise: 15, min: 1, max: 86_400 });
    const prefix = options.texts.get('prefix') ?? 'homeassistant';
    if (/[+#]/.test(prefix))
      throw new PlantroomError('USAGE', `--prefix is "${prefix}", wildcards + and # are not allowed`);
    const { connection, loaded } = await discoverTarget(target, options, io);
    const catalog = catalogFor(options.lists.get('catalog') ?? [], { file: target, loaded, io });
    const gathering = new Gathering({ homeAssistant: prefix });
    io.note(`Listening on ${shownUrl(connection.url)} for ${seconds} s, Ctrl-C ends it early\n`);
    const startMs = io.clock.monotonicMs();
    const whole = await listen({
      connection,
      filters: recognisers.flatMap((recogniser) => recogniser.filters({ homeAssistant: prefix })),
      asks: options.flags.has('ask') ? [{ topic: 'shellies/command', payload: 'announce' }] : [],
      seconds,
      gathering,
      io,
      found: (name) => io.note(`found ${name.replace(/\p{C}+/gu, ' ')}\n`),
    });
    const listenedS = Math.round((io.clock.monotonicMs() - startMs) / 1000);
    if (!whole) io.note(`The broker broke off after ${listenedS} s; this is what was heard until then\n`);
    const result = resultOf(gathering, { connection, loaded, catalog, seconds: listenedS });
    io.out(options.flags.has('json') ? `${JSON.stringify(jsonOf(result), null, 2)}\n` : renderDiscovery(result));
    const devices = result.mapped.length + result.unmapped.length + result.configured.length;
    return whole && devices > 0 ? exitCodes.done : exitCodes.failed;
  },
};

function catalogFor(
  folders: readonly string[],
  { file, loaded, io }: { file: string; loaded: LoadedGateway | undefined; io: ToolIo },
): Catalog {
  const own = (loaded?.config.catalogs ?? []).map((folder) => resolve(file, '..', folder));
  const { catalog, problems } = loadCatalog({ folders: [...own, ...folders] });
  for (const { source, message } of problems) io.note(`${source}: ${message}\n`);
  return catalog;
}

function resultOf(
  gathering: Gathering,
  {
    connection,
    loaded,
    catalog,
    seconds,
  }: { connection: MqttConnection; loaded: LoadedGateway | undefined; catalog: Catalog; seconds: number },
): DiscoverResult {
  const { messages, unkept } = gathering.stats();
  const { password: _password, ...shown } = connection;
  const result: DiscoverResult = {
    url: shownUrl(connection.url),
    seconds,
    messages,
    mapped: [],
    configured: [],
    unmapped: [],
    faults: [...gathering.faults].map(([topic, why]) => ({ topic, why })),
    unkept,
    connection: loaded === undefined ? { ...shown, url: shownUrl(connection.url) } : undefined,
  };
  const owners = ownersOf(loaded, connection.id);
  const taken = new Set(loaded?.config.devices.map(({ id }) => id));
  const devices = mergeDevices(gathering.heard).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  for (const device of devices) {
    const id = configuredAs(device, owners);
    const { suggestions, reason } = suggest(device, catalog);
    if (id !== undefined) result.configured.push({ device, id });
    else if (suggestions[0] === undefined) result.unmapped.push({ device, reason });
    else {
      const entry = entryFor(device, suggestions[0], { connection: connection.id, taken });
      result.mapped.push({ device, entry, suggestions });
    }
  }
  return result;
}

/** Topic → the device of the gateway file that takes values from it. */
function ownersOf(loaded: LoadedGateway | undefined, connection: string): Map<string, string> {
  const on = new Set(loaded?.config.devices.filter((one) => one.connection === connection).map(({ id }) => id));
  return new Map(
    (loaded?.devices ?? [])
      .filter(({ id }) => on.has(id))
      .flatMap(({ id, bindings }) =>
        bindings.flatMap(({ at }) => (at.protocol === 'mqtt' ? [[at.topic, id] as const] : [])),
      ),
  );
}

function configuredAs(device: FoundDevice, owners: ReadonlyMap<string, string>): string | undefined {
  return [...device.topics].map((topic) => owners.get(topic)).find((id) => id !== undefined);
}

/** A password in the address is for the broker only. */
function shownUrl(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/, '$1');
}

function jsonOf({ mapped, configured, unmapped, ...rest }: DiscoverResult): unknown {
  return {
    ...rest,
    mapped: mapped.map(({ device, entry, suggestions }) => ({
      device: plain(device),
      entry,
      suggestions: suggestions.map(({ profile, ...suggestion }) => ({ profile: profile.profile, ...suggestion })),
    })),
    configured: configured.map(({ device, id }) => ({ device: plain(device), id })),
    unmapped: unmapped.map(({ device, reason }) => ({ device: plain(device), reason })),
  };
}

const plain = ({ topics, messages: _messages, ...device }: FoundDevice) => ({ ...device, topics: [...topics] });
