import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** ARCHITECTURE.md's import table. `subpaths` of device-profiles that a package may not use are its decode. */
const mayImport: Record<string, readonly string[]> = {
  contracts: [],
  'device-profiles': ['contracts'],
  gateway: ['contracts', 'device-profiles', 'device-profiles/decode'],
  server: ['contracts', 'device-profiles'],
  dashboard: ['contracts'],
  simulators: ['contracts', 'device-profiles'],
};

interface Import {
  file: string;
  target: string;
}

function importsOf(folder: string): Import[] {
  const files = globSync(`${folder}/**/*.{ts,tsx,mts,mjs}`, {
    cwd: root,
    exclude: (name) => name.includes('node_modules') || name.includes('dist'),
  });
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => ({
      file,
      target: match[1] ?? '',
    }));
  });
}

describe.each(Object.entries(mayImport))('%s', (folder, allowed) => {
  const imports = importsOf(folder);

  test('has files to look at', () => {
    expect(imports.length).toBeGreaterThan(0);
  });

  test(`imports of ours only: ${allowed.join(', ') || 'nothing'}`, () => {
    const bad = imports.filter(
      ({ file, target }) =>
        target.startsWith('@plantroom/') &&
        !allowed.includes(target.slice('@plantroom/'.length)) &&
        !(target === '@plantroom/contracts/testing' && /\.test\.tsx?$|test-helpers\/|-contract\.ts$/.test(file)),
    );
    expect(bad).toEqual([]);
  });

  test('reaches no other package by a relative path', () => {
    const bad = imports.filter(({ file, target }) => {
      if (!target.startsWith('.')) return false;
      const place = relative(root, resolve(root, dirname(file), target));
      return !place.startsWith(`${folder}/`) && place !== folder;
    });
    expect(bad).toEqual([]);
  });
});

describe('pure folders', () => {
  const pure = ['server/src/domain', 'device-profiles/src/decode'];
  test.each(pure)('%s touches no input, output or clock', (folder) => {
    const files = globSync(`${folder}/**/*.ts`, { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(0);
    const bad = files.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [
        ...text.matchAll(
          /from 'node:[^']+'|Date\.now\(|new Date\(\)|setTimeout|setInterval|performance\.now|Math\.random|process\.env/g,
        ),
      ].map((m) => `${file}: ${m[0]}`);
    });
    expect(bad).toEqual([]);
  });
});

test('only environment files read the environment', () => {
  const files = ['gateway', 'server', 'simulators'].flatMap((folder) =>
    globSync(`${folder}/src/**/*.ts`, { cwd: root }),
  );
  expect(files.length).toBeGreaterThan(0);
  const bad = files.filter(
    (file) =>
      /process\.env\b/.test(readFileSync(join(root, file), 'utf8')) &&
      !/(environment|main)\.ts$|\.test\.ts$/.test(file),
  );
  expect(bad).toEqual([]);
});
