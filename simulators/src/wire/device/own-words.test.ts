import { describe, expect, it } from 'vitest';
import { newDetector } from '../../model/fire/detector.ts';
import { RunningBuilding } from '../../model/test-helpers/running-building.ts';
import { gencommWords } from './gencomm-words.ts';
import { changedNotifierWords, notifierWords } from './notifier-words.ts';

describe('words of the Notifier gateway', () => {
  it('lay detectors from 0 and modules from 200 on, one word a point', () => {
    const detectors = (['normal', 'pre-alarm', 'fire', 'fault', 'disabled'] as const).map((state, i) => ({
      ...newDetector(i + 1, 'zone'),
      state,
    }));
    const modules = (['normal', 'fire', 'co', 'supervisory', 'fault'] as const).map(
      (state, i) => ({ address: i + 1, kind: 'valve', of: 'zone', state }) as const,
    );
    expect([...notifierWords(detectors, modules)]).toEqual([
      [0, 0x1400],
      [1, 0x5400],
      [2, 0x0c10],
      [3, 0x3400],
      [4, 0x1200],
      [200, 0x1400],
      [201, 0x0c10],
      [202, 0x0c14],
      [203, 0x0c40],
      [204, 0x3400],
    ]);
  });

  it('are laid again only when a detector or a module has changed', () => {
    const building = new RunningBuilding();
    const changed = changedNotifierWords();
    const zone = building.now.fire.detectors[0]!.zone;
    expect(changed(building.now.fire)).not.toEqual([]);
    building.pass(5);
    expect(changed(building.now.fire)).toEqual([]);
    building.on(zone, 'call-point-pressed');
    building.pass(2);
    expect(changed(building.now.fire).filter(([, word]) => word === 0x0c10)).toHaveLength(1);
    expect(changed(building.now.fire)).toEqual([]);
  });
});

describe('the alarm page of a DeepSea controller', () => {
  it('tells how many alarms it names, and each as not active, warning, shutdown or electrical trip', () => {
    const building = new RunningBuilding();
    const words = (page: number): Map<number, number> => new Map(gencommWords(building.now.power.generator, page));
    building.pass(2);
    // 28 alarms, all not active.
    expect(words(8).get(2048)).toBe(28);
    for (let register = 2049; register <= 2055; register++) expect(words(8).get(register)).toBe(0x1111);
    building.on('generator-1', 'starter-battery-aged');
    building.on('meter-incomer', 'supply-outage');
    building.until(() => building.points('generator-1').shutdown === true, 90);
    // Fail to start is the third of the second register.
    expect(words(8).get(2050)).toBe(0x1131);
    building.until(() => building.points('generator-1').warning === true, 300);
    // Low battery voltage is the first of the seventh; on the page of a MkII controller too.
    expect(words(8).get(2055)).toBe(0x2111);
    expect(words(154).get(154 * 256 + 7)).toBe(0x2111);
  });
});
