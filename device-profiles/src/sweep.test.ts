import { unit } from '@plantroom/contracts';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { loadCatalog, loadVectors } from './load-catalog.ts';

const { catalog, problems } = loadCatalog();
const { vectors } = loadVectors();

it('the built-in catalogue has no problems', () => {
  expect(problems).toEqual([]);
});

it('every profile has vectors, and all vectors belong to a profile', () => {
  expect([...vectors.keys()].sort()).toEqual([...catalog.profiles.keys()].sort());
});

it('every class is served by a profile', () => {
  const served = new Set(
    [...catalog.profiles.values()].flatMap((p) => Object.values(p.serves).map((role) => role.class)),
  );
  expect([...catalog.classes.keys()].filter((id) => !served.has(id))).toEqual([]);
});

function* localTexts(value: unknown, path = ''): Generator<[string, { zh?: unknown; en?: unknown }]> {
  if (typeof value !== 'object' || value === null) return;
  if ('zh' in value || 'en' in value) yield [path, value];
  else for (const [key, part] of Object.entries(value)) yield* localTexts(part, `${path}/${key}`);
}

describe.each(
  [...catalog.classes.values(), ...catalog.profiles.values()].map(
    (one) => ['class' in one ? one.class : one.profile, one] as const,
  ),
)('%s', (_id, one) => {
  it('speaks Chinese and English', () => {
    const poor = [...localTexts(one)].filter(
      ([, { zh, en }]) => !/\p{Script=Han}|^[A-Z0-9]/u.test(String(zh)) || !/\S/.test(String(en ?? '')),
    );
    expect(poor).toEqual([]);
  });
});

describe.each([...catalog.classes])('class %s', (_id, found) => {
  it('has base units and rising ranges', () => {
    for (const [id, point] of Object.entries(found.points)) {
      expect(unit(point.unit), id).toMatchObject({ factor: 1, offset: 0 });
      if (point.kind === 'number' || point.kind === 'counter') expect(point.range, id).toBeDefined();
      if (point.range) expect(point.range[0], id).toBeLessThan(point.range[1]);
    }
  });

  it('alarms name points and failure modes that exist, and every failure mode is used', () => {
    const alarms = Object.values(found.alarms);
    for (const alarm of alarms) {
      expect(Object.keys(found.points)).toContain(alarm.point);
      expect(parseDuration(alarm.onDelay)).toBeGreaterThanOrEqual(0);
      if (alarm.failureMode !== undefined) expect(Object.keys(found.failureModes)).toContain(alarm.failureMode);
    }
    const used = new Set(alarms.map((alarm) => alarm.failureMode));
    expect(Object.keys(found.failureModes).filter((mode) => !used.has(mode))).toEqual([]);
  });
});
