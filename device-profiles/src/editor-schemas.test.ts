import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { editorSchemas } from './editor-schemas.ts';
import { builtInFolder } from './load-catalog.ts';

it.each([...editorSchemas()])('schemas/%s is what the types say (npm run schemas writes it)', (name, text) => {
  expect(JSON.parse(readFileSync(join(builtInFolder, 'schemas', name), 'utf8'))).toEqual(JSON.parse(text));
});

it.each(['classes', 'profiles', 'vectors'])('every file of %s points its editor to its schema', (kind) => {
  const root = join(builtInFolder, kind);
  const wanted = { classes: 'class', profiles: 'profile', vectors: 'vectors' }[kind];
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.yaml')) continue;
    const file = join(root, name);
    const hint = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    const schema = resolve(dirname(file), hint);
    expect(schema, name).toBe(join(builtInFolder, 'schemas', `${wanted}.schema.json`));
    expect(existsSync(schema)).toBe(true);
  }
});
