import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The files that the configuration is read from, each with what its change would change: size, time, place on the disk. */
export function configFiles(file: string, catalogs: readonly string[] = []): string {
  const folders = catalogs.map((folder) => resolve(dirname(file), folder));
  return [file, ...folders.flatMap(yamlBelow)].map(stateOf).join('\n');
}

function yamlBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return entries
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    // A folder that is missing for now is told by the reload, not by the look.
    return [];
  }
}

function stateOf(file: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return `${file} ${size} ${mtimeMs} ${ino}`;
  } catch {
    return `${file} is missing`;
  }
}
