import { describe, expect, it } from 'vitest';
import { loadCatalog, loadVectors } from './load-catalog.ts';
import type { MqttPoint, MqttProfile } from './profile-schema.ts';
import { checkVector } from './vector-check.ts';

const { catalog } = loadCatalog();
const { vectors } = loadVectors();
const mqtt = [...catalog.profiles.values()].filter((profile) => profile.protocol === 'mqtt');

/** Mistakes in one point that no vector of the profile notices. */
function unnoticed(profile: MqttProfile, mistakes: (point: MqttPoint) => MqttPoint[]): string[] {
  const list = vectors.get(profile.profile)?.vectors ?? [];
  return profile.points.flatMap((point, i) =>
    mistakes(point)
      .filter((wrong) => {
        const points = profile.points.with(i, wrong);
        return list.every((vector) => checkVector(catalog, { ...profile, points }, vector).faults.length === 0);
      })
      .map((wrong) => `${point.role ?? ''}.${point.point} ${JSON.stringify(wrong.at)}`),
  );
}

describe.each(mqtt.map((profile) => [profile.profile, profile] as const))(
  'the vectors of %s notice',
  (_id, profile) => {
    it('a wrong path', () => {
      expect(unnoticed(profile, ({ at, ...point }) => [{ ...point, at: { ...at, path: `${at.path}.x` } }])).toEqual([]);
    });

    it('a further place that is forgotten', () => {
      const faults = unnoticed(profile, ({ at, ...point }) =>
        (at.also ?? []).map((_, place) => ({ ...point, at: { ...at, also: (at.also ?? []).toSpliced(place, 1) } })),
      );
      expect(faults).toEqual([]);
    });

    it('true and false exchanged', () => {
      const faults = unnoticed(profile, ({ at, ...point }) =>
        at.type === 'boolean' ? [{ ...point, at: { ...at, true: at.false ?? false, false: at.true ?? true } }] : [],
      );
      expect(faults).toEqual([]);
    });

    it('a scale that is ten times too large', () => {
      const faults = unnoticed(profile, (point) => [{ ...point, scale: (point.scale ?? 1) * 10 }].filter(isNumber));
      expect(faults).toEqual([]);
    });
  },
);

const isNumber = ({ at }: MqttPoint): boolean => at.type === 'number';
