import { dirname, resolve } from 'node:path';
import { formatProblem, type Problem, ProblemsError } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { stringify } from 'yaml';
import { readConfigSource } from '../../config/config-source.ts';
import { onlyPositional, parseOptions } from '../options.ts';
import { exitCodes, type Tool, type ToolIo } from '../tool.ts';
import { readHeader } from './columns.ts';
import { deviceOfRow } from './device-of-row.ts';
import { intoFile, type ListedDevice } from './into-file.ts';
import { readRows } from './read-rows.ts';
import { writeTemplate } from './template.ts';

export const importTool: Tool = {
  name: 'import',
  usage: 'DEVICES.csv|.xlsx [--into FILE.yaml] [--replace] [--dry-run] | --template NEW.csv',
  summary: 'puts a list of devices into a gateway file, with the errors of the list line by line',
  help: `One device a line under a header line. Columns, in any order, in English or Chinese:
  id 编号 · profile 型号 · connection 线路 · unit 站号 · equipment 服务对象 (left empty: as the id)
  equipment.<role>, equipment.<role>.<parameter> · parameter.<name> 参数.<name>
  poll.fast, poll.normal, poll.slow (10s, 5min) · without · remark 备注 (not taken over)
Several equipment or numbers in one cell are separated by spaces or semicolons. CSV may be UTF-8, UTF-16 or GB18030 (as Excel in
China saves it), with comma, semicolon or tab. Lines that begin with # are left out.

  --into FILE.yaml   the gateway file; its comments stay, the old file stays as FILE.yaml.bak. Left out: prints the entries
  --replace          a device of the same id is replaced; left out: it is an error
  --dry-run          checks everything and writes nothing
  --template NEW.csv writes an empty list to fill in

All lines or none: exit code 2 and nothing written when any line is faulty.`,
  run: async (args, io) => {
    const options = parseOptions('import', args, {
      into: 'text',
      replace: 'flag',
      'dry-run': 'flag',
      template: 'text',
    });
    const template = options.texts.get('template');
    if (template !== undefined) {
      writeTemplate(template);
      io.out(`${template} is written: fill it in and import it\n`);
      return exitCodes.done;
    }
    const list = onlyPositional('import', options, 'list of devices (.csv or .xlsx)');
    const into = options.texts.get('into');
    const read = await readList(list, { into, io });
    if (into === undefined || read.problems.length > 0) return printed(read, { list, io });
    const result = intoFile(read.devices, {
      file: into,
      source: list,
      environment: io.environment.variables,
      replace: options.flags.has('replace'),
      dryRun: options.flags.has('dry-run'),
    });
    for (const problem of result.others) io.note(`${formatProblem(problem)}\n`);
    if (result.problems.length > 0) return refuse(result.problems, { devices: read.rows, io });
    const done = options.flags.has('dry-run') ? 'would be written' : 'are written';
    const changed = result.replaced === 0 ? '' : `, ${result.replaced} of them in place of older entries`;
    io.out(`${result.added + result.replaced} devices ${done} to ${into}${changed}\n`);
    return exitCodes.done;
  },
};

interface ReadList {
  devices: ListedDevice[];
  /** Lines that name a device. */
  rows: number;
  problems: Problem[];
}

async function readList(list: string, { into, io }: { into: string | undefined; io: ToolIo }): Promise<ReadList> {
  const [header, ...rows] = await readRows(list);
  if (header === undefined || rows.length === 0) {
    const problem = {
      source: list,
      path: '',
      message: 'holds no devices: a header line and a line for each are needed',
    };
    throw new ProblemsError('IMPORT_EMPTY', [problem]);
  }
  const { columns, problems } = readHeader(header.cells, { source: list, line: header.line });
  if (problems.length > 0) return { devices: [], rows: rows.length, problems };
  const { catalog } = loadCatalog({ folders: into === undefined ? [] : catalogFolders(into, io) });
  const devices: ListedDevice[] = [];
  for (const row of rows) {
    const result = deviceOfRow(row, { columns, catalog, source: list });
    problems.push(...result.problems);
    if (result.device !== undefined) devices.push({ device: result.device, line: row.line });
  }
  return { devices, rows: rows.length, problems };
}

/** Profiles of the site's own count too. A file that cannot be read is told when the devices go into it. */
function catalogFolders(file: string, io: ToolIo): string[] {
  const { value } = readConfigSource(file, io.environment.variables);
  const folders = (value as { catalogs?: unknown } | undefined | null)?.catalogs;
  return Array.isArray(folders) ? folders.map((folder) => resolve(dirname(file), String(folder))) : [];
}

function printed(read: ReadList, { list, io }: { list: string; io: ToolIo }): number {
  if (read.problems.length > 0) return refuse(read.problems, { devices: read.rows, io });
  io.note(`${read.devices.length} devices of ${list}; --into FILE.yaml puts them there\n`);
  io.out(stringify({ devices: read.devices.map(({ device }) => device) }));
  return exitCodes.done;
}

function refuse(problems: readonly Problem[], { devices, io }: { devices: number; io: ToolIo }): number {
  for (const problem of problems) io.note(`${formatProblem(problem)}\n`);
  const lines = new Set(problems.map(({ line }) => line)).size;
  io.note(
    `\nNothing is written: ${problems.length} ${problems.length === 1 ? 'error' : 'errors'} in ${lines} ${lines === 1 ? 'line' : 'lines'}, ${devices} devices in the list\n`,
  );
  return exitCodes.wrongInput;
}
