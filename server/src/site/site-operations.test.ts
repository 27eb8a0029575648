import { formatProblem, ProblemsError } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { parseSite } from './read-site-file.ts';
import { SiteOperations } from './site-operations.ts';

const name = '{ zh: 名称, en: Name }';
const file = (more: string) => `site: hq
name: ${name}
timeZone: Asia/Shanghai
spaces:
  - { id: b1, kind: building, name: ${name} }
equipment:
  - { id: pump-1, class: pump, name: ${name}, space: b1 }
${more}`;
const read = (more: string) => parseSite('site.yaml', file(more), new Set(['pump']));

function problemsOf(more: string): string[] {
  try {
    read(more);
    return [];
  } catch (error) {
    return error instanceof ProblemsError ? error.problems.map(formatProblem) : [String(error)];
  }
}

describe('operating positions and shifts of a site', () => {
  test('without any there is one position for everything, and two shifts', () => {
    const operations = new SiteOperations([read('')]);
    for (const site of ['hq', 'unknown']) {
      expect(operations.positionsOf(site).map(({ id }) => id)).toEqual(['control-room']);
      expect(operations.shiftsOf(site).map(({ from, to }) => `${from}-${to}`)).toEqual(['08:00-20:00', '20:00-08:00']);
    }
  });

  test('they are as the file says, equipment by its whole id', () => {
    const operations = new SiteOperations([
      read(`
operatingPositions:
  - { id: desk, name: ${name}, systems: [water] }
  - { id: fire, name: ${name}, systems: [fire], equipment: [pump-1] }
shifts:
  - { id: all, name: ${name}, from: '07:30', to: '07:30' }`),
    ]);
    expect(operations.positionsOf('hq')).toMatchObject([
      { id: 'desk', systems: ['water'], equipment: [] },
      { id: 'fire', systems: ['fire'], equipment: ['hq/pump-1'] },
    ]);
    expect(operations.shiftsOf('hq')).toMatchObject([{ id: 'all', from: '07:30' }]);
  });

  test('what belongs to two, or to nobody that is known, is told with its line', () => {
    expect(
      problemsOf(`
operatingPositions:
  - { id: desk, name: ${name}, systems: [water, fire] }
  - { id: desk, name: ${name}, systems: [fire], equipment: [pump-2] }`),
    ).toEqual([
      'site.yaml:11 /operatingPositions/1/id: "id desk" belongs to position "desk" already',
      'site.yaml:11 /operatingPositions/1/systems/0: "system fire" belongs to position "desk" already',
      'site.yaml:11 /operatingPositions/1/equipment/0: "pump-2" is not known here; there are pump-1',
    ]);
  });

  test('shifts make one day without gaps', () => {
    const shift = (id: string, from: string, to: string) =>
      `  - { id: ${id}, name: ${name}, from: '${from}', to: '${to}' }`;
    const of = (...shifts: string[]) => problemsOf(`shifts:\n${shifts.join('\n')}`);
    expect(of(shift('a', '06:00', '14:00'), shift('b', '14:00', '22:00'), shift('c', '22:00', '06:00'))).toEqual([]);
    expect(of(shift('a', '08:00', '19:00'), shift('a', '20:00', '08:00'))).toEqual([
      'site.yaml:9 /shifts/0/to: "19:00" leaves a gap or an overlap; allowed: 20:00, where "a" begins',
      'site.yaml:10 /shifts/1/id: "a" is there twice',
    ]);
    expect(of(shift('a', '08:00', '06:00'), shift('b', '06:00', '20:00'), shift('c', '20:00', '08:00'))).toEqual([
      'site.yaml:9 /shifts: together they take 2880 minutes; allowed: 1440, one day',
    ]);
    expect(of(shift('a', '8:00', '24:00')).join()).toContain('/shifts/0/from');
  });
});
