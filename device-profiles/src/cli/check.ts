import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Problem } from '@plantroom/contracts';
import { loadCatalog, loadVectors } from '../load-catalog.ts';
import { checkVector } from '../vector-check.ts';

/** `check [FOLDER...]`: schema, meaning and vectors of the built-in catalogue and these folders; every fault, then 2. */
export function checkCommand(words: string[], say: (line: string) => void): number {
  const { positionals: folders } = parseArgs({ args: words, allowPositionals: true, options: {} });
  const { catalog, problems } = loadCatalog({ folders });
  const loaded = loadVectors({ folders: folders.filter((folder) => existsSync(folder)) });
  problems.push(...loaded.problems);
  for (const [id, file] of loaded.vectors) {
    const profile = catalog.profiles.get(id);
    const source = `vectors/${id}.yaml`;
    if (!profile) {
      problems.push({ source, path: '/profile', message: `there is no sound profile "${id}"` });
      continue;
    }
    for (const vector of file.vectors) {
      for (const message of checkVector(catalog, profile, vector).faults) {
        problems.push({ source, path: `/vectors/${vector.name}`, message });
      }
    }
  }
  for (const id of catalog.profiles.keys()) {
    if (!loaded.vectors.has(id))
      problems.push({ source: `profiles/${id}.yaml`, path: '', message: `no vector file vectors/${id}.yaml` });
  }
  for (const problem of problems) say(lineOf(problem));
  say(
    `${catalog.classes.size} classes, ${catalog.profiles.size} profiles, ${loaded.vectors.size} vector files, ${problems.length} problems`,
  );
  return problems.length === 0 ? 0 : 2;
}

const lineOf = ({ source, path, line, message }: Problem) =>
  `${source}${line === undefined ? '' : `:${line}`} ${path === '' ? '' : `${path} `}${message}`;
