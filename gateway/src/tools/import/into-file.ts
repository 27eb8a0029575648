import { copyFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Problem, ProblemsError } from '@plantroom/contracts';
import { isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { DeviceConfig } from '../../config/gateway-config.ts';
import { type Environment, loadGatewayConfig } from '../../config/load-config.ts';

export interface ListedDevice {
  device: DeviceConfig;
  line: number;
}

export interface IntoFileOptions {
  /** The gateway file. */
  file: string;
  /** The list, as it is named in problems. */
  source: string;
  environment: Environment;
  /** Devices of the same id are replaced; else they are a problem. */
  replace: boolean;
  dryRun: boolean;
}

export interface IntoFileResult {
  /** Of the list, with its lines. Anything here and nothing was written. */
  problems: Problem[];
  /** Of the gateway file itself: they were there before. */
  others: Problem[];
  added: number;
  replaced: number;
}

/**
 * Puts the devices into the gateway file: all or none, its comments kept, the old file beside it as .bak. What the file's own validation
 * finds about them is told by the lines of the list. Throws ProblemsError when the file as a whole cannot be used.
 */
export function intoFile(listed: readonly ListedDevice[], options: IntoFileOptions): IntoFileResult {
  const { file, source } = options;
  const document = parseDocument(readFileSync(file, 'utf8'));
  const problems: Problem[] = [];
  if (document.errors.length > 0)
    throw new ProblemsError(
      'CONFIG_INVALID',
      document.errors.map((error) => ({ source: file, path: '', message: `not valid YAML: ${error.message}` })),
    );
  if (!isSeq(document.get('devices'))) document.set('devices', document.createNode([]));
  const devices = document.get('devices') as YAMLSeq;
  // `devices: []` is written in one line; what comes into it is not.
  if (devices.items.length === 0) devices.flow = false;
  const lineAt = new Map<number, ListedDevice>();
  const own = new Map<string, number>();
  let replaced = 0;
  for (const entry of listed) {
    const { device, line } = entry;
    const earlier = own.get(device.id);
    if (earlier !== undefined) {
      problems.push({ source, line, path: 'id', message: `"${device.id}" stands in line ${earlier} already` });
      continue;
    }
    own.set(device.id, line);
    const node = document.createNode(device, { flow: true });
    const known = devices.items.findIndex((item) => isMap(item) && item.get('id') === device.id);
    if (known < 0) {
      lineAt.set(devices.items.length, entry);
      devices.add(node);
    } else if (options.replace) {
      lineAt.set(known, entry);
      devices.items[known] = node;
      replaced += 1;
    } else {
      const message = `"${device.id}" is in the gateway file already; --replace puts this line in its place`;
      problems.push({ source, line, path: 'id', message });
    }
  }
  const text = document.toString({ lineWidth: 0 });
  // Beside the file, so that relative folders in it mean the same, and the change is one rename.
  const candidate = join(dirname(file), `.${basename(file)}.import-${process.pid}`);
  writeFileSync(candidate, text, { mode: statSync(file).mode });
  try {
    const found = loadGatewayConfig({ file: candidate, environment: options.environment });
    const others: Problem[] = [];
    for (const problem of found.problems) {
      const [, index, rest] = /^\/devices\/(\d+)(.*)$/.exec(problem.path) ?? [];
      const entry = problem.source === candidate && index !== undefined ? lineAt.get(Number(index)) : undefined;
      if (entry === undefined) others.push(problem.source === candidate ? { ...problem, source: file } : problem);
      else problems.push({ source, line: entry.line, path: columnOfPath(rest ?? ''), message: problem.message });
    }
    problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    if (problems.length === 0 && !options.dryRun) {
      copyFileSync(file, `${file}.bak`);
      renameSync(candidate, file);
    }
    return { problems, others, added: lineAt.size - replaced, replaced };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new ProblemsError(
      error.code,
      error.problems.map((problem) => (problem.source === candidate ? { ...problem, source: file } : problem)),
    );
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** The column of the list from which this part of a device came. */
function columnOfPath(path: string): string {
  const [, field = 'id', first, ...rest] = path.split('/');
  if (field === 'unitId') return 'unit';
  if (field === 'serves') {
    const at = rest.indexOf('parameters');
    const parameter = at < 0 ? undefined : rest[at + 1];
    return ['equipment', first, parameter].filter((part) => part !== undefined).join('.');
  }
  if (field === 'parameters') return first === undefined ? 'parameter' : `parameter.${first}`;
  if (field === 'poll') return first === undefined ? 'poll' : `poll.${first}`;
  return field;
}
