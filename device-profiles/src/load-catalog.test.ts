import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadCatalog, loadVectors } from './load-catalog.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const profile = (id: string, points: string, extra = '') => `profile: ${id}
vendor: Acme
model: X
sources: [Acme register list]
certainty: B
protocol: modbus
serves: { meter: { class: power-meter } }
modbus: { order: ABCD }
poll: { fast: 1s, normal: 5s, slow: 60s }
silence: { polls: 3 }
${extra}points:
${points}
`;
const good = '  - { point: frequency, at: { table: input, address: 0, type: f32 } }';

it('reports the faults of all files together, with file, line, path, value and what is allowed', () => {
  write('profiles/acme/good.yaml', profile('acme/good', good));
  write(
    'profiles/acme/typo.yaml',
    profile('acme/typo', '  - { point: frequncy, at: { table: input, address: 0, type: f32 } }'),
  );
  write(
    'profiles/acme/schema.yaml',
    profile('acme/schema', '  - { point: frequency, at: { table: inputs, address: 70000, type: f23 }, colour: red }'),
  );
  write('profiles/acme/moved.yaml', profile('acme/elsewhere', good));
  write('profiles/acme/syntax.yaml', 'profile: acme/syntax\nvendor: [');
  write('profiles/acme/protocol.yaml', 'profile: acme/protocol\nprotocol: modbuss\n');
  write(
    'profiles/acme/unit.yaml',
    profile('acme/unit', '  - { point: frequency, unit: bar, at: { table: input, address: 0, type: f32 } }'),
  );
  write(
    'profiles/acme/meaning.yaml',
    profile(
      'acme/meaning',
      `  - { point: frequency, absent: ["0x1FFFF"], at: { table: holding, address: 10, type: u16 } }
  - { point: frequency, at: { table: holding, address: 65535, type: u32 } }`,
    ),
  );
  write('classes/broken.yaml', 'class: broken\nsystem: plumbing\n');

  const { catalog, problems } = loadCatalog({ folders: [folder] });

  expect(catalog.profiles.has('acme/good')).toBe(true);
  expect(catalog.profiles.has('eastron/sdm630')).toBe(true);
  expect([...catalog.profiles.keys()].filter((id) => id.startsWith('acme/'))).toEqual(['acme/good']);

  const of = (file: string) => problems.filter((problem) => problem.source.endsWith(file));
  expect(of('typo.yaml')).toEqual([
    expect.objectContaining({
      path: '/points/0/point',
      line: 12,
      message: expect.stringMatching(/"frequncy".*did you mean "frequency"/),
    }),
  ]);
  const schema = of('schema.yaml');
  expect(schema.map((problem) => problem.path).sort()).toEqual([
    '/points/0/at/address',
    '/points/0/at/table',
    '/points/0/at/type',
    '/points/0/colour',
  ]);
  expect(schema.every((problem) => problem.line === 12)).toBe(true);
  const words = schema.map((problem) => problem.message).join('\n');
  expect(words).toContain('"inputs" is not allowed — did you mean "input"? Allowed: coil, discrete, input, holding');
  expect(words).toContain('70000');
  expect(words).toContain('"colour" is not a known setting here');
  expect(of('moved.yaml')[0]?.message).toContain('"acme/elsewhere" must be "acme/moved"');
  expect(of('syntax.yaml')[0]).toMatchObject({ line: expect.any(Number) });
  expect(of('protocol.yaml')).toEqual([
    expect.objectContaining({ path: '/protocol', line: 2, message: expect.stringContaining('did you mean "modbus"') }),
  ]);
  expect(of('unit.yaml')[0]).toMatchObject({ path: '/points/0/unit', line: 12 });
  expect(of('meaning.yaml').map((problem) => [problem.path, problem.line])).toEqual(
    expect.arrayContaining([
      ['/points/0/absent', 12],
      ['/points/1/point', 13],
      ['/points/1/at/address', 13],
    ]),
  );
  expect(of('broken.yaml').length).toBeGreaterThan(3);
  expect(problems.every((problem) => problem.source.includes(folder.slice(5)))).toBe(true);
});

it('names a folder that does not exist, and an id that the built-in catalogue has', () => {
  write('profiles/eastron/sdm630.yaml', profile('eastron/sdm630', good));
  const { catalog, problems } = loadCatalog({ folders: [folder, join(folder, 'missing')] });
  expect(problems.map((problem) => problem.message)).toEqual([
    'this catalogue folder does not exist',
    '"eastron/sdm630" exists already in another file',
  ]);
  expect(catalog.profiles.get('eastron/sdm630')?.vendor).toBe('Eastron');
});

it('finds faulty vectors, and the sound ones stay', () => {
  write(
    'vectors/acme/good.yaml',
    'profile: acme/good\nsource: list\nvectors:\n  - { name: one, registers: { input: { 0: [1] } }, expect: { frequency: 50 } }\n',
  );
  write(
    'vectors/acme/bad.yaml',
    'profile: acme/bad\nsource: list\nvectors:\n  - { name: one, registers: { input: { 0: [65536] } }, expect: {} }\n',
  );
  const { vectors, problems } = loadVectors({ folders: [folder] });
  expect(vectors.has('acme/good')).toBe(true);
  expect(vectors.has('acme/bad')).toBe(false);
  expect(problems).toEqual([expect.objectContaining({ line: 4, message: expect.stringContaining('65536') })]);
});

it('reads only what is asked for of the built-in folder, and with an unknown id everything', () => {
  write('profiles/acme/good.yaml', profile('acme/good', good));
  const asked = new Set(['acme/good', 'eastron/sdm630']);
  const { catalog, problems } = loadCatalog({ folders: [folder], profiles: asked });
  expect(problems).toEqual([]);
  expect([...catalog.profiles.keys()].sort()).toEqual(['acme/good', 'eastron/sdm630']);
  expect([...catalog.classes.keys()]).toEqual(['power-meter']);
  const whole = loadCatalog({ folders: [folder], profiles: new Set(['acme/missing']) });
  expect(whole.catalog.profiles.size).toBeGreaterThan(asked.size);
  expect(whole.catalog.classes.size).toBeGreaterThan(1);
});
