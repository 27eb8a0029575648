import { ProblemsError } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { parseSite } from './read-site-file.ts';

const classes = new Set(['pump', 'elevator']);
const site = (history: string): string => `
site: hq
name: { zh: 总部, en: Head office }
timeZone: Asia/Shanghai
${history}
spaces: []
equipment: []
`;

function problemsOf(history: string): string[] {
  try {
    parseSite('site.yaml', site(history), classes);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`);
  }
}

test('how long history is kept is read by class', () => {
  const text = site('history: { retention: { default: { rawDays: 90 }, classes: { elevator: { hourDays: 3650 } } } }');
  expect(parseSite('site.yaml', text, classes).history).toEqual({
    retention: { default: { rawDays: 90 }, classes: { elevator: { hourDays: 3650 } } },
  });
});

test('a class that is not there and a roll-up that goes before its samples are told together, with their lines', () => {
  const history = `history:
  retention:
    default: { rawDays: 400, minuteDays: 30 }
    classes:
      lift: { rawDays: 10 }
      pump: { rawDays: 90, hourDays: 60 }`;
  expect(problemsOf(history)).toEqual([
    '7 /history/retention/default/minuteDays: minuteDays is 30; allowed: at least 400, the rawDays',
    '9 /history/retention/classes/lift: "lift" is not known here; there are pump, elevator',
    '10 /history/retention/classes/pump/hourDays: hourDays is 60; allowed: at least 90, the rawDays',
  ]);
});

test('days that are none, and a level that does not exist, are refused', () => {
  expect(problemsOf('history: { retention: { default: { rawDays: 0 } } }')).toEqual([
    expect.stringContaining('/history/retention/default/rawDays: must be >= 1'),
  ]);
  expect(problemsOf('history: { retention: { default: { secondDays: 3 } } }').join()).toContain('secondDays');
});
