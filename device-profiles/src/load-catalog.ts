import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage, type Problem } from '@plantroom/contracts';
import type { TSchema } from 'typebox';
import type { Catalog } from './catalog.ts';
import { checkClass } from './check-class.ts';
import { checkProfile } from './check-profile.ts';
import { EquipmentClass } from './class-schema.ts';
import { notAllowed } from './nearest.ts';
import { type DeviceProfile, ModbusProfile, MqttProfile, VectorFile } from './profile-schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { parseYaml, type YamlFile } from './yaml-file.ts';

/** The folder with `classes/`, `profiles/` and `vectors/` that the package brings. */
export const builtInFolder = resolve(fileURLToPath(import.meta.url), '../..');

export interface LoadCatalogOptions {
  /** Folders of one's own, each with `classes/` and `profiles/`, read after the built-in one; an id that exists already is a problem. */
  folders?: readonly string[];
}

/** Reads every class and profile. Faults never stop it: all of all files come back together, and the sound files are usable. */
export function loadCatalog(options: LoadCatalogOptions = {}): { catalog: Catalog; problems: Problem[] } {
  const problems: Problem[] = [];
  const folders = foldersOf(options, problems);
  const classes = new Map<string, EquipmentClass>();
  const profiles = new Map<string, DeviceProfile>();
  for (const folder of folders) {
    for (const file of readYamlFiles(folder, 'classes', problems)) {
      const found = sound<EquipmentClass>(file, EquipmentClass, problems);
      if (found === undefined) continue;
      const faults = [...checkClass(found, file), ...checkId(found.class, 'class', file, classes)];
      problems.push(...faults);
      if (faults.length === 0) classes.set(found.class, found);
    }
  }
  for (const folder of folders) {
    for (const file of readYamlFiles(folder, 'profiles', problems)) {
      const schema = profileSchema(file, problems);
      const found = schema && sound<DeviceProfile>(file, schema, problems);
      if (found === undefined) continue;
      const faults = [...checkProfile(found, classes, file), ...checkId(found.profile, 'profile', file, profiles)];
      problems.push(...faults);
      if (faults.length === 0) profiles.set(found.profile, found);
    }
  }
  return { catalog: { classes, profiles }, problems };
}

/** The test vectors beside the profiles, by profile id. */
export function loadVectors(options: LoadCatalogOptions = {}): {
  vectors: ReadonlyMap<string, VectorFile>;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const vectors = new Map<string, VectorFile>();
  for (const folder of foldersOf(options, problems)) {
    for (const file of readYamlFiles(folder, 'vectors', problems)) {
      const found = sound<VectorFile>(file, VectorFile, problems);
      if (found === undefined) continue;
      const faults = checkId(found.profile, 'profile', file, vectors);
      problems.push(...faults);
      if (faults.length === 0) vectors.set(found.profile, found);
    }
  }
  return { vectors, problems };
}

function foldersOf(options: LoadCatalogOptions, problems: Problem[]): string[] {
  const extra = (options.folders ?? []).map((folder) => resolve(folder));
  return [builtInFolder, ...extra].filter((folder) => {
    if (existsSync(folder)) return true;
    problems.push({ source: folder, path: '', message: 'this catalogue folder does not exist' });
    return false;
  });
}

interface CatalogFile extends YamlFile {
  /** What its path below `classes/`, `profiles/` or `vectors/` says its id is. */
  id: string;
}

function readYamlFiles(folder: string, kind: string, problems: Problem[]): CatalogFile[] {
  const root = join(folder, kind);
  if (!existsSync(root)) return [];
  const files: CatalogFile[] = [];
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.ya?ml$/.test(name)) continue;
    const shown = folder === builtInFolder ? join(kind, name) : relative('', join(root, name));
    try {
      const parsed = parseYaml(shown, readFileSync(join(root, name), 'utf8'));
      problems.push(...parsed.problems);
      if (parsed.file) {
        const id = name
          .replace(/\.ya?ml$/, '')
          .split(sep)
          .join('/');
        files.push({ ...parsed.file, id });
      }
    } catch (error) {
      problems.push({ source: shown, path: '', message: errorMessage(error) });
    }
  }
  return files;
}

function sound<T>(file: YamlFile, schema: TSchema, problems: Problem[]): T | undefined {
  const faults = schemaProblems(schema, file);
  problems.push(...faults);
  return faults.length === 0 ? (file.value as T) : undefined;
}

function profileSchema(file: YamlFile, problems: Problem[]): TSchema | undefined {
  const protocol = (file.value as { protocol?: unknown } | null)?.protocol;
  if (protocol === 'modbus') return ModbusProfile;
  if (protocol === 'mqtt') return MqttProfile;
  problems.push(file.problem(['protocol'], notAllowed(protocol ?? null, 'a protocol', ['modbus', 'mqtt'])));
  return undefined;
}

function checkId(id: string, field: string, file: CatalogFile, known: ReadonlyMap<string, unknown>): Problem[] {
  const faults: Problem[] = [];
  if (id !== file.id) faults.push(file.problem([field], `"${id}" must be "${file.id}", as the file's path says`));
  if (known.has(id)) faults.push(file.problem([field], `"${id}" exists already in another file`));
  return faults;
}
