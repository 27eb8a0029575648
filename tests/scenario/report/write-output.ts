import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DemoPlant } from '../file/demo-plant.ts';
import type { PlayedJob } from '../pool.ts';
import { groundTruth } from './ground-truth.ts';
import { page } from './page.ts';

/** Writes the report and one file of ground truth for each scenario; answers the report's path. */
export function writeOutput(folder: string, done: readonly PlayedJob[], plant: DemoPlant): string {
  const to = resolve(folder);
  mkdirSync(to, { recursive: true });
  for (const one of done)
    if ('result' in one) writeFileSync(join(to, `${one.name}.jsonl`), groundTruth(one.result, plant.site));
  const file = join(to, 'index.html');
  writeFileSync(file, page(done, plant));
  return file;
}
