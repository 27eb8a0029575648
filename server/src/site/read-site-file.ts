import { readFileSync } from 'node:fs';
import { errorMessage, type Problem, ProblemsError, SiteModel } from '@plantroom/contracts';
import type { EquipmentClass } from '@plantroom/device-profiles';
import Schema from 'typebox/schema';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { lifeSafetyProblems } from './site-life-safety.ts';
import { operationProblems } from './site-operations.ts';
import { oneErrorPerSupply, supplyProblems } from './site-supplies.ts';
import { suppressionProblems } from './site-suppression.ts';

/**
 * Reads the site file. Throws ProblemsError with everything that is wrong with it, each with its line. With a catalogue, its suppression groups and
 * alarms of life safety are checked against the alarms of the classes.
 */
export function readSiteFile(
  file: string,
  classes: ReadonlySet<string>,
  catalog?: ReadonlyMap<string, EquipmentClass>,
): SiteModel {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ProblemsError('SITE_FILE_INVALID', [{ source: file, path: '', message: errorMessage(error) }]);
  }
  return parseSite(file, text, classes, catalog);
}

export function parseSite(
  file: string,
  text: string,
  classes: ReadonlySet<string>,
  catalog?: ReadonlyMap<string, EquipmentClass>,
): SiteModel {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = (path: string, message: string): Problem => {
    const parts = path.split('/').slice(1);
    for (let depth = parts.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(parts.slice(0, depth), true);
      if (isNode(node) && node.range) {
        return { source: file, path, line: lines.linePos(node.range[0]).line, message };
      }
    }
    return { source: file, path, message };
  };
  const fail = (problems: Problem[]): void => {
    if (problems.length > 0) throw new ProblemsError('SITE_FILE_INVALID', problems);
  };
  fail(
    document.errors.map((error) => ({
      source: file,
      path: '',
      line: lines.linePos(error.pos[0]).line,
      message: `not valid YAML: ${error.message}`,
    })),
  );
  const value: unknown = document.toJS();
  const [sound, errors] = Schema.Errors(SiteModel, value);
  if (!sound)
    fail([...oneErrorPerSupply(value, errors)].map(({ instancePath, message }) => problem(instancePath, message)));
  const model = value as SiteModel;
  const alarms =
    catalog === undefined ? [] : [...suppressionProblems(model, catalog), ...lifeSafetyProblems(model, catalog)];
  fail([...referenceProblems(model, classes, problem), ...alarms.map(({ path, message }) => problem(path, message))]);
  return model;
}

const keptLevels = ['rawDays', 'minuteDays', 'hourDays'] as const;

/** What the schema cannot see: ids twice, names that nothing has. */
function referenceProblems(
  model: SiteModel,
  classes: ReadonlySet<string>,
  problem: (path: string, message: string) => Problem,
): Problem[] {
  const problems: Problem[] = [];
  const spaces = new Set(model.spaces.map((space) => space.id));
  const equipment = new Set(model.equipment.map((item) => item.id));
  const need = (path: string, id: string | undefined, known: ReadonlySet<string>): void => {
    if (id === undefined || known.has(id)) return;
    problems.push(problem(path, `"${id}" is not known here; there are ${[...known].join(', ') || 'none'}`));
  };
  for (const kind of ['spaces', 'equipment'] as const) {
    const seen = new Set<string>();
    model[kind].forEach(({ id }, at) => {
      if (seen.has(id)) problems.push(problem(`/${kind}/${at}/id`, `"${id}" is there twice`));
      seen.add(id);
    });
  }
  model.spaces.forEach((space, at) => {
    need(`/spaces/${at}/parent`, space.parent, spaces);
  });
  model.equipment.forEach((item, at) => {
    need(`/equipment/${at}/class`, item.class, classes);
    need(`/equipment/${at}/space`, item.space, spaces);
    need(`/equipment/${at}/parent`, item.parent, equipment);
  });
  (model.interlocks ?? []).forEach(({ by, equipment: switched }, at) => {
    need(`/interlocks/${at}/by`, by, equipment);
    for (const [i, id] of switched.entries()) {
      need(`/interlocks/${at}/equipment/${i}`, id, equipment);
      if (id === by) problems.push(problem(`/interlocks/${at}/equipment/${i}`, `"${id}" does not switch itself`));
    }
  });
  const retention = model.history?.retention;
  const entries = [['default', retention?.default] as const, ...Object.entries(retention?.classes ?? {})];
  for (const [name, days] of entries) {
    const path = `/history/retention/${name === 'default' ? name : `classes/${name}`}`;
    if (name !== 'default') need(path, name, classes);
    const given = keptLevels.flatMap((level) => (days?.[level] === undefined ? [] : [[level, days[level]] as const]));
    given.slice(1).forEach(([level, value], at) => {
      const [finer, finerDays] = given[at] ?? [level, value];
      if (value >= finerDays) return;
      problems.push(problem(`${path}/${level}`, `${level} is ${value}; allowed: at least ${finerDays}, the ${finer}`));
    });
  }
  for (const { path, message } of supplyProblems(model)) problems.push(problem(path, message));
  for (const { path, message } of operationProblems(model)) problems.push(problem(path, message));
  try {
    new Intl.DateTimeFormat('en', { timeZone: model.timeZone });
  } catch {
    problems.push(problem('/timeZone', `"${model.timeZone}" is not an IANA time zone such as Asia/Shanghai`));
  }
  return problems;
}
