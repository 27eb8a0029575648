import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
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

/** The folder with `classes/`, `profiles/` and `vectors/` that the package brings; found by its name, because a built program lies elsewhere. */
export const builtInFolder = dirname(createRequire(import.meta.url).resolve('@plantroom/device-profiles/package.json'));

export interface LoadCatalogOptions {
  /** Folders of one's own, each with `classes/` and `profiles/`, read after the built-in one; an id that exists already is a problem. */
  folders?: readonly string[];
  /**
   * Ids of the built-in profiles that matter: only these and the classes that they and `folders` serve are read, a tenth of the time and
   * memory. With an id that exists nowhere everything is read, so that what is allowed can be told. Left out: everything.
   */
  profiles?: ReadonlySet<string>;
  /** Every built-in class, whatever `profiles` says. */
  classes?: 'all';
}

/** Reads every class and profile. Faults never stop it: all of all files come back together, and the sound files are usable. */
export function loadCatalog(options: LoadCatalogOptions = {}): { catalog: Catalog; problems: Problem[] } {
  const problems: Problem[] = [];
  const folders = foldersOf(options, problems);
  const classes = new Map<string, EquipmentClass>();
  const profiles = new Map<string, DeviceProfile>();
  const profileFiles = folders.map((folder) =>
    readYamlFiles(folder, 'profiles', { problems, only: wantedIn(folder, options) }),
  );
  const read = new Set(profileFiles.flat().map(({ id }) => id));
  if (options.profiles !== undefined && ![...options.profiles].every((id) => read.has(id)))
    return loadCatalog({ ...(options.folders === undefined ? {} : { folders: options.folders }) });
  const served =
    options.profiles === undefined || options.classes === 'all' ? undefined : classesServed(profileFiles.flat());
  for (const folder of folders) {
    const only = folder === builtInFolder ? served : undefined;
    for (const file of readYamlFiles(folder, 'classes', { problems, only })) {
      const found = sound<EquipmentClass>(file, EquipmentClass, problems);
      if (found === undefined) continue;
      const faults = [...checkClass(found, file), ...checkId(found.class, 'class', file, classes)];
      problems.push(...faults);
      if (faults.length === 0) classes.set(found.class, found);
    }
  }
  for (const file of profileFiles.flat()) {
    const schema = profileSchema(file, problems);
    const found = schema && sound<DeviceProfile>(file, schema, problems);
    if (found === undefined) continue;
    const faults = [...checkProfile(found, classes, file), ...checkId(found.profile, 'profile', file, profiles)];
    problems.push(...faults);
    if (faults.length === 0) profiles.set(found.profile, found);
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
    for (const file of readYamlFiles(folder, 'vectors', { problems })) {
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

/** Folders of one's own are read whole: what is wrong in them is to be told, and they are small. */
function wantedIn(folder: string, { profiles }: LoadCatalogOptions): ReadonlySet<string> | undefined {
  return folder === builtInFolder ? profiles : undefined;
}

/** Of files that no schema has seen yet: whatever does not look like a role is left to it. */
function classesServed(files: readonly CatalogFile[]): ReadonlySet<string> {
  const served = files.flatMap(({ value }) => Object.values((value as { serves?: object } | null)?.serves ?? {}));
  return new Set(served.map((role: { class?: unknown } | null) => String(role?.class)));
}

/** `only`: ids to read; left out: every file. */
function readYamlFiles(
  folder: string,
  kind: string,
  { problems, only }: { problems: Problem[]; only?: ReadonlySet<string> | undefined },
): CatalogFile[] {
  const root = join(folder, kind);
  if (!existsSync(root)) return [];
  const files: CatalogFile[] = [];
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.ya?ml$/.test(name)) continue;
    const id = name
      .replace(/\.ya?ml$/, '')
      .split(sep)
      .join('/');
    if (only !== undefined && !only.has(id)) continue;
    const known = ownFiles.get(join(kind, name));
    if (folder === builtInFolder && known !== undefined) {
      files.push(known);
      continue;
    }
    const shown = folder === builtInFolder ? join(kind, name) : relative('', join(root, name));
    try {
      const parsed = parseYaml(shown, readFileSync(join(root, name), 'utf8'));
      problems.push(...parsed.problems);
      if (parsed.file === undefined) continue;
      const file = { ...parsed.file, id };
      files.push(file);
      if (folder === builtInFolder) ownFiles.set(join(kind, name), file);
    } catch (error) {
      problems.push({ source: shown, path: '', message: errorMessage(error) });
    }
  }
  return files;
}

/** The package's own files do not change while a process runs: each is parsed, and held against its schema, once. */
const ownFiles = new Map<string, CatalogFile>();
const verdicts = new WeakMap<YamlFile, Problem[]>();

function sound<T>(file: YamlFile, schema: TSchema, problems: Problem[]): T | undefined {
  const faults = verdicts.get(file) ?? schemaProblems(schema, file);
  verdicts.set(file, faults);
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
