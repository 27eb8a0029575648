import { readFileSync } from 'node:fs';
import {
  closed,
  errorMessage,
  literals,
  type Problem,
  ProblemsError,
  Slug,
  unit,
  unitNames,
} from '@plantroom/contracts';
import {
  DurationText,
  type EquipmentClass,
  notAllowed,
  parseDuration,
  parseYaml,
  schemaProblems,
  type YamlFile,
} from '@plantroom/device-profiles';
import Type, { type Static } from 'typebox';
import { type MapEntry, placeholders } from '../ingest/metric-map.ts';

const Text = Type.String({ minLength: 1 });

/** The mapping file (YAML): which metrics of foreign Sparkplug nodes are which points of which equipment. */
const MappingFile = Type.Object(
  {
    site: Slug,
    points: Type.Array(
      Type.Object(
        {
          /** Left out: that of the file. */
          site: Type.Optional(Slug),
          group: Text,
          node: Text,
          /** Left out: a metric of the node itself. */
          device: Type.Optional(Text),
          metric: Text,
          equipment: Text,
          class: Slug,
          point: Slug,
          /** Of the value on the wire. Left out: the class's. */
          unit: Type.Optional(literals(unitNames)),
          /** Value on the wire → value here; others are bad. Left out: as it comes. */
          values: Type.Optional(
            Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean(), Type.String()]), {
              minProperties: 1,
            }),
          ),
          /** Without a value for so long it is comm-lost. Left out: it may be silent, as report by exception allows. */
          timeout: Type.Optional(DurationText),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);
type MappingFile = Static<typeof MappingFile>;
type MappingEntry = MappingFile['points'][number];

/** Throws ProblemsError with everything that is wrong with the file, each with its line, value and what is allowed. */
export function readMappingFile(file: string, classes: ReadonlyMap<string, EquipmentClass>): MapEntry[] {
  try {
    return parseMapping(file, readFileSync(file, 'utf8'), classes);
  } catch (error) {
    if (error instanceof ProblemsError) throw error;
    throw new ProblemsError('MAPPING_FILE_INVALID', [{ source: file, path: '', message: errorMessage(error) }]);
  }
}

export function parseMapping(source: string, text: string, classes: ReadonlyMap<string, EquipmentClass>): MapEntry[] {
  const { file, problems: syntax } = parseYaml(source, text);
  if (file === undefined) throw new ProblemsError('MAPPING_FILE_INVALID', syntax);
  const problems = schemaProblems(MappingFile, file);
  if (problems.length > 0) throw new ProblemsError('MAPPING_FILE_INVALID', problems);
  const { site, points } = file.value as MappingFile;
  const entries: MapEntry[] = [];
  const seen = new Map<string, number>();
  points.forEach((entry, at) => {
    const found = [...entryProblems(entry, at, { file, classes }), ...repeated(entry, at, { file, seen })];
    problems.push(...found);
    const classPoint = classes.get(entry.class)?.points[entry.point];
    if (found.length > 0 || classPoint === undefined) return;
    const { timeout, device, ...rest } = entry;
    const timeoutMs = timeout === undefined ? null : parseDuration(timeout);
    entries.push({ ...rest, site: entry.site ?? site, device: device ?? null, timeoutMs, classPoint });
  });
  if (problems.length > 0) throw new ProblemsError('MAPPING_FILE_INVALID', problems);
  return entries;
}

/** What the schema cannot see. */
function entryProblems(
  entry: MappingEntry,
  at: number,
  { file, classes }: { file: YamlFile; classes: ReadonlyMap<string, EquipmentClass> },
): Problem[] {
  const problems: Problem[] = [];
  const tell = (key: keyof MappingEntry, message: string) => problems.push(file.problem(['points', at, key], message));
  const known = new Set([entry.group, entry.node, entry.device ?? '', entry.metric].flatMap(placeholders));
  const braces = ['group', 'node', 'device', 'metric', 'equipment'] as const;
  for (const key of braces) {
    const rest = (entry[key] ?? '').replace(/\{[a-z][a-z0-9]*\}/g, '');
    if (/[{}]/.test(rest))
      tell(key, `"${entry[key]}" has a brace that is no placeholder; allowed: {name}, of small letters and digits`);
  }
  for (const key of ['group', 'node', 'device'] as const)
    if (/[+#/]/.test(entry[key] ?? ''))
      tell(key, `"${entry[key]}" is no Sparkplug id; allowed: anything without + / #`);
  for (const name of placeholders(entry.equipment))
    if (!known.has(name)) tell('equipment', notAllowed(`{${name}}`, 'in group, node, device or metric', [...known]));
  const plain = entry.equipment.replace(/\{[a-z][a-z0-9]*\}/g, '0');
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(plain) && !/[{}]/.test(plain))
    tell('equipment', `"${entry.equipment}" is no id; allowed: small letters, digits, . _ - and {name}`);
  const owner = classes.get(entry.class);
  if (owner === undefined) {
    tell('class', notAllowed(entry.class, 'a class', [...classes.keys()]));
    return problems;
  }
  const point = owner.points[entry.point];
  if (point === undefined) {
    tell('point', notAllowed(entry.point, `a point of ${entry.class}`, Object.keys(owner.points)));
    return problems;
  }
  const quantity = unit(point.unit).quantity;
  if (entry.unit !== undefined && unit(entry.unit).quantity !== quantity) {
    const allowed = unitNames.filter((name) => unit(name).quantity === quantity);
    tell('unit', notAllowed(entry.unit, `a unit of ${entry.point}, which is ${quantity}`, allowed));
  }
  for (const [wire, value] of Object.entries(entry.values ?? {})) {
    const states = Object.keys(point.states ?? {});
    const fits =
      point.kind === 'boolean'
        ? typeof value === 'boolean'
        : point.kind === 'enum'
          ? states.includes(String(value))
          : point.kind === 'string' || typeof value === 'number';
    const allowed = point.kind === 'boolean' ? ['true', 'false'] : point.kind === 'enum' ? states : ['a number'];
    if (!fits) tell('values', `${notAllowed(value, `a value of ${entry.point}`, allowed)} (for "${wire}")`);
  }
  return problems;
}

/** Only the first could ever fit. */
function repeated(
  { group, node, device, metric }: MappingEntry,
  at: number,
  { file, seen }: { file: YamlFile; seen: Map<string, number> },
): Problem[] {
  const key = JSON.stringify([group, node, device, metric]);
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, at);
    return [];
  }
  return [file.problem(['points', at], `the same metric as in points/${first}; only the first would count`)];
}
