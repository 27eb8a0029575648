import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { profileList } from './profile-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'plantroom-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('built-in profiles and those of own folders, read once', async () => {
  mkdirSync(join(folder, 'profiles/acme'), { recursive: true });
  writeFileSync(
    join(folder, 'profiles/acme/meter.yaml'),
    `profile: acme/meter
vendor: Acme
model: M1
sources: [Acme register list]
certainty: B
protocol: modbus
serves: { meter: { class: power-meter } }
modbus: { order: ABCD }
poll: { fast: 1s, normal: 5s, slow: 60s }
silence: { polls: 3 }
points:
  - { point: frequency, at: { table: input, address: 0, type: f32 } }
`,
  );
  const list = profileList([folder]);
  const found = await list();
  expect(found.find(({ profile }) => profile === 'acme/meter')).toEqual({
    profile: 'acme/meter',
    vendor: 'Acme',
    model: 'M1',
    protocol: 'modbus',
    certainty: 'B',
    classes: ['power-meter'],
    points: 1,
    sources: ['Acme register list'],
  });
  expect(found.map(({ profile }) => profile)).toContain('eastron/sdm630');
  expect(await list()).toBe(found);
});
