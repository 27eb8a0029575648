import type { Generator as GeneratorSet } from '../../model/power/generator.ts';
import { type GeneratorAlarm, levelOf } from '../../model/power/generator-protection.ts';

/**
 * Named alarms of a DeepSea controller: the first register of the page is how many there are, then four of them in each register,
 * the first in the highest four bits. Code 1 is "not active", 2 warning, 3 shutdown, 4 electrical trip, 15 "not there" (GenComm document).
 */
const namedAlarms: readonly (readonly (GeneratorAlarm | 'other')[])[] = [
  ['other', 'oil-pressure-low', 'coolant-hot', 'other'],
  ['speed-low', 'other', 'fail-to-start', 'other'],
  ['other', 'voltage-low', 'other', 'frequency-low'],
  ['other', 'overcurrent', 'other', 'other'],
  ['other', 'other', 'other', 'other'],
  ['other', 'other', 'other', 'other'],
  ['battery-low', 'other', 'fuel-low', 'other'],
];
const notActive = 1;

/** Of the page: the count and the registers behind it; the rest is not implemented. */
export const alarmPage = { registers: 26, unimplemented: 0xffff } as const;

export function* gencommWords(set: GeneratorSet, page: number): Generator<readonly [number, number]> {
  const start = page * 256;
  yield [start, namedAlarms.length * 4];
  for (const [i, names] of namedAlarms.entries()) {
    let word = 0;
    for (const name of names) word = (word << 4) | codeOf(set, name);
    yield [start + 1 + i, word];
  }
}

function codeOf({ control }: GeneratorSet, name: GeneratorAlarm | 'other'): number {
  return name === 'other' ? notActive : Math.max(notActive, levelOf(control.protection, name));
}
