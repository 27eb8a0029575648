import { describe, expect, it } from 'vitest';
import { loadCatalog, loadVectors } from './load-catalog.ts';
import { checkVector } from './vector-check.ts';

const { catalog } = loadCatalog();
const { vectors, problems } = loadVectors();

it('every vector file is sound', () => {
  expect(problems).toEqual([]);
});

describe.each([...catalog.profiles.values()].map((profile) => [profile.profile, profile] as const))(
  '%s',
  (id, profile) => {
    const list = vectors.get(id)?.vectors ?? [];

    it.each(list.map((vector) => [vector.name, vector] as const))('decodes: %s', (_name, vector) => {
      expect(checkVector(catalog, profile, vector).faults).toEqual([]);
    });

    const only = Object.keys(profile.serves)[0];

    it('has a vector for each of its points', () => {
      const compared = new Set(list.flatMap((vector) => checkVector(catalog, profile, vector).compared));
      const points = profile.points.map(({ role, point }) => `${role ?? only}.${point}`);
      expect(points.filter((point) => !compared.has(point))).toEqual([]);
    });

    it('has a write for each of its writable points, and a refusal', () => {
      const written = new Set(list.flatMap((vector) => checkVector(catalog, profile, vector).written));
      const refused = new Set(
        list.flatMap((vector) =>
          Object.entries(vector.writes ?? {}).flatMap(([key, writes]) =>
            writes.some((write) => write.refused !== undefined) ? [key.includes('.') ? key : `${only}.${key}`] : [],
          ),
        ),
      );
      const writable = profile.points.filter((point) => point.write !== undefined);
      const keys = writable.map(({ role, point }) => `${role ?? only}.${point}`);
      expect(keys.filter((key) => !written.has(key) || !refused.has(key))).toEqual([]);
    });
  },
);
