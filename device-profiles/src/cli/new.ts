import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlantroomError } from '@plantroom/contracts';
import type { EquipmentClass } from '../class-schema.ts';
import { builtInFolder, loadCatalog } from '../load-catalog.ts';
import { notAllowed } from '../nearest.ts';

/**
 * `new VENDOR/MODEL --class CLASS`: a profile and a vector file to fill in. Blanks are marked FILL-IN; what is written is otherwise sound.
 * Throws PROFILE_ID, CLASS_UNKNOWN, PROFILE_EXISTS; nothing is ever overwritten.
 */
export function newCommand(words: string[], say: (line: string) => void): number {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      class: { type: 'string' },
      protocol: { type: 'string', default: 'modbus' },
      folder: { type: 'string', default: builtInFolder },
    },
  });
  const id = positionals[0] ?? '';
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) {
    throw new PlantroomError(
      'PROFILE_ID',
      `"${id}" is not vendor/model in small letters, digits and hyphens (acrel/adw300)`,
    );
  }
  const { protocol, folder } = values;
  if (protocol !== 'modbus' && protocol !== 'mqtt') {
    throw new PlantroomError('PROTOCOL_UNKNOWN', notAllowed(protocol, 'a protocol.', ['modbus', 'mqtt']));
  }
  const folders = resolve(folder) === builtInFolder || !existsSync(folder) ? [] : [folder];
  const { catalog } = loadCatalog({ folders });
  const found = catalog.classes.get(values.class ?? '');
  if (!found) {
    const known = [...catalog.classes.keys()];
    throw new PlantroomError(
      'CLASS_UNKNOWN',
      notAllowed(values.class ?? null, 'a class.', known, { listedIn: 'the folder classes' }),
    );
  }
  const files = { profiles: profileText(id, found, protocol), vectors: vectorText(id, found, protocol) };
  for (const kind of Object.keys(files)) {
    const path = join(folder, kind, `${id}.yaml`);
    if (existsSync(path)) throw new PlantroomError('PROFILE_EXISTS', `${path} exists already`);
  }
  for (const [kind, text] of Object.entries(files)) {
    const path = resolve(folder, kind, `${id}.yaml`);
    mkdirSync(dirname(path), { recursive: true });
    const schema = kind === 'profiles' ? 'profile' : 'vectors';
    const hint = relative(dirname(path), join(builtInFolder, 'schemas', `${schema}.schema.json`));
    writeFileSync(path, `# yaml-language-server: $schema=${hint.replaceAll('\\', '/')}\n${text}`);
    say(`wrote ${path}`);
  }
  say('fill in what is marked FILL-IN, then: npm run profiles -- check');
  return 0;
}

type Example = [string, EquipmentClass['points'][string]];

/** The first number of the class, else its first point: what the example shows. */
function example({ points }: EquipmentClass): Example {
  const all = Object.entries(points);
  const shown = all.find(([, { kind }]) => kind === 'number') ?? all[0];
  if (!shown) throw new PlantroomError('CLASS_EMPTY', 'the class has no points');
  return shown;
}

function profileText(id: string, found: EquipmentClass, protocol: 'modbus' | 'mqtt'): string {
  const [point, { unit, kind }] = example(found);
  const rest = Object.entries(found.points)
    .filter(([other]) => other !== point)
    .map(([other, of]) => `#   ${other}: ${of.kind}${of.unit === 'none' ? '' : `, ${of.unit}`} (${of.name.en})`);
  const head = `profile: ${id}
# FILL-IN: as the vendor writes them
vendor: ${id.split('/')[0]}
model: ${id.split('/')[1]}
# FILL-IN: documents with pages, and independent implementations. A: two independent ones agree, A*: several from one vendor's text, B: one strong one.
sources:
certainty:
protocol: ${protocol}
serves: { ${found.system}: { class: ${found.class} } }
`;
  const modbus = `modbus:
  order: ABCD
  # Unused registers that one read may run over; 0 until the manual or the device says otherwise.
  maxGap: 0
  timeoutMs: 1000
poll: { fast: 1s, normal: 5s, slow: 60s }
silence: { polls: 3 }
points:
  # ${kind}, ${unit}. address is zero-based, as on the wire; vendorAddress is the number that the manual prints. FILL-IN: address
  - { point: ${point}, at: { table: holding, address: , type: u16, vendorAddress: "" } }
`;
  const mqtt = `mqtt:
  topic: FILL-IN
silence: { after: 3h }
points:
  # ${kind}, ${unit}. path leads into the JSON payload; '' is the whole payload. FILL-IN: path
  - { point: ${point}, at: { path: , type: number } }
`;
  return `${head}${protocol === 'modbus' ? modbus : mqtt}# The other points of ${found.class}:\n${rest.join('\n')}\n`;
}

function vectorText(id: string, found: EquipmentClass, protocol: 'modbus' | 'mqtt'): string {
  const [point] = example(found);
  const given =
    protocol === 'modbus'
      ? '    # Table, first PDU address, words as the manual or a capture shows them.\n    registers: { holding: { 0: [] } }'
      : '    # Topic and payload text as a capture shows them.\n    messages: {}';
  return `profile: ${id}
# FILL-IN: page and line that the words are typed from, by hand
source:
vectors:
  - name: FILL-IN
${given}
    # FILL-IN: what these mean, in the class unit
    expect: { ${point}: }
`;
}
