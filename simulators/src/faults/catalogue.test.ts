import { readFileSync } from 'node:fs';
import { loadCatalog } from '@plantroom/device-profiles';
import { describe, expect, it } from 'vitest';
import { faultCatalogue } from './catalogue.ts';
import { describeCatalogue } from './describe-catalogue.ts';

describe('the catalogue', () => {
  it('has each fault once, with a class that there is and a time that fits its onset', () => {
    const { catalog } = loadCatalog();
    const ids = faultCatalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, classes, onset, usualRampS } of faultCatalogue) {
      if (classes !== 'any') for (const one of classes) expect(catalog.classes.has(one), `${id}: ${one}`).toBe(true);
      expect(usualRampS > 0, id).toBe(onset === 'gradual');
    }
  });

  it('says both languages, each in its own signs', () => {
    for (const { id, ...spec } of faultCatalogue)
      for (const text of [spec.name, spec.standsFor, spec.severity, spec.effect]) {
        expect(text.zh, id).toMatch(/[\u4e00-\u9fff]/);
        expect(text.zh, id).not.toMatch(/[,;] ?[\u4e00-\u9fff]/);
        expect(text.en, id).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      }
  });

  it('is what docs/faults.md says; `npm run --silent simulators -- fault document > docs/faults.md` writes it anew', () => {
    const written = readFileSync(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
    expect(written).toBe(describeCatalogue(faultCatalogue));
  });
});
