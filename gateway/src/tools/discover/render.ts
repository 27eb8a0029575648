import { type PointValue, unit } from '@plantroom/contracts';
import { stringify } from 'yaml';
import type { DeviceConfig } from '../../config/gateway-config.ts';
import type { FoundDevice } from './merge-devices.ts';
import type { PointEvidence, Suggestion } from './suggest.ts';

export interface Mapped {
  device: FoundDevice;
  entry: DeviceConfig;
  /** Best first; the entry is of the first. */
  suggestions: Suggestion[];
}

export interface DiscoverResult {
  url: string;
  seconds: number;
  messages: number;
  mapped: Mapped[];
  /** Devices that the gateway file has already, with their ids there. */
  configured: { device: FoundDevice; id: string }[];
  unmapped: { device: FoundDevice; reason: string }[];
  /** Messages that were skipped. */
  faults: { topic: string; why: string }[];
  /** Faults and topics beyond what is kept. */
  unkept: number;
  /** To be pasted as well, when no gateway file names the broker. */
  connection: object | undefined;
}

/** A YAML text to paste from, everything else in comments. */
export function renderDiscovery(result: DiscoverResult): string {
  const { mapped, configured, unmapped, faults, unkept } = result;
  const lines = [
    `# ${result.url}: ${count(result.messages, 'message')} in ${result.seconds} s; ${count(mapped.length, 'device')} with a profile, ${unmapped.length} without, ${configured.length} in the gateway file already`,
  ];
  if (result.connection !== undefined && mapped.length > 0) {
    lines.push('connections:', ...listed(result.connection));
  }
  if (mapped.length > 0) lines.push('devices:');
  for (const one of mapped) lines.push(...deviceLines(one));
  section(lines, 'No profile fits:', unmapped, ({ device, reason }) => `${described(device)}: ${reason}`);
  section(lines, 'In the gateway file already:', configured, ({ device, id }) => `${described(device)}: ${id}`);
  section(lines, 'Messages that cannot be read, skipped:', faults, ({ topic, why }) => `${topic} ${why}`);
  if (unkept > 0) lines.push(`# ${unkept} more were beyond what is kept`);
  return `${lines.join('\n')}\n`;
}

function section<T>(lines: string[], title: string, entries: readonly T[], text: (entry: T) => string): void {
  if (entries.length > 0) lines.push(`# ${title}`, ...entries.map((entry) => comment(`- ${text(entry)}`)));
}

function deviceLines({ device, entry, suggestions }: Mapped): string[] {
  const [best, ...others] = suggestions;
  if (best === undefined) return [];
  const lines = [comment(`${described(device)}${device.live ? '' : '; only retained messages, it may be gone'}`, '  ')];
  lines.push(comment(basis(best), '  '));
  const without = best.evidence.filter(({ state }) => state === 'missing').map(({ point }) => point);
  if (without.length > 0 && best.fitting > 0) lines.push(comment(`not heard of: ${without.join(', ')}`, '  '));
  const senseless = best.evidence.filter(({ state }) => state === 'senseless').map(({ point }) => point);
  if (senseless.length > 0) lines.push(comment(`no usable value: ${senseless.join(', ')}`, '  '));
  const equal = others.filter(({ byModel }) => byModel === best.byModel);
  if (equal.length > 0)
    lines.push(comment(`fits as well: ${equal.map(({ profile }) => profile.profile).join(', ')}`, '  '));
  if (Object.keys(entry.serves).length > 1)
    lines.push(comment('serve the roles that it has there, leave out the others', '  '));
  return [...lines, ...listed(entry)];
}

function basis({ profile, byModel, evidence, fitting }: Suggestion): string {
  const told = evidence.filter(({ state }) => state === 'told').map(valueText);
  const values = told.length === 0 ? '' : `: ${told.slice(0, 8).join(', ')}${told.length > 8 ? ', …' : ''}`;
  return `${profile.profile} by its ${byModel ? 'model' : 'values'}, ${fitting} of ${evidence.length} points${values}`;
}

function described({ name, vendor, models, sources }: FoundDevice): string {
  const kind = [vendor, models.join(', ')].filter((text) => text !== undefined && text !== '').join(' ');
  return `${name}${kind === '' ? '' : ` (${kind})`}, told by ${sources.join(', ')}`;
}

function valueText({ point, value, unit: name }: PointEvidence): string {
  const { symbol } = unit(name);
  return `${point} ${shortValue(value)}${symbol === '' ? '' : ` ${symbol}`}`;
}

const shortValue = (value: PointValue): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** One line, whatever a device calls itself. */
const comment = (text: string, indent = ''): string => `${indent}# ${text.replace(/\p{C}+/gu, ' ')}`;

/** As an entry of a list, on one line as in hand-written gateway files. */
function listed(value: object): string[] {
  const text = stringify([value], { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return [`  - ${text.replace(/^\[\s*/, '').replace(/\s*\]$/, '')}`];
}
