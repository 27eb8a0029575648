import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editorSchemas } from '../src/editor-schemas.ts';
import { builtInFolder } from '../src/load-catalog.ts';

const folder = join(builtInFolder, 'schemas');
mkdirSync(folder, { recursive: true });
for (const [name, text] of editorSchemas()) writeFileSync(join(folder, name), text);
