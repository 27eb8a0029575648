import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PlantroomError, type PointValue, type SiteModel, VirtualClock } from '@plantroom/contracts';
import { type ClassPoint, loadCatalog } from '@plantroom/device-profiles';
import { BuildingSource } from '../demo/building-source.ts';
import { equipmentWires } from '../demo/equipment-wires.ts';
import { readGatewayFile } from '../demo/gateway-file.ts';
import { readSite } from '../demo/read-site.ts';
import { fireZonesOf } from '../demo/wires.ts';
import { type ExportSettings, parseExport } from '../export/export-options.ts';
import { exportPeriod, type Label } from '../export/export-period.ts';
import { readFaultPlan } from '../export/fault-plan.ts';
import { FaultBoard } from '../faults/fault-board.ts';
import { newBuilding } from '../model/building.ts';
import { BuildingRunner } from '../model/building-runner.ts';
import { demoBuilding } from '../model/building-spec.ts';
import { BuildingTime } from '../model/building-time.ts';
import { partsOf } from '../model/parts.ts';
import { pointReaders } from '../model/points/building-points.ts';
import type { ReadPoint } from '../wire/device/served-device.ts';
import type { CommandContext } from './context.ts';

const separator = ';';

/** A simulated period as a labelled data set: what the devices say, one file for each equipment, what befell them, and what it was made from. */
export async function runExport(words: readonly string[], context: CommandContext): Promise<number> {
  const { environment, say } = context;
  const settings = parseExport(words, environment.seed);
  const plan = settings.plan === undefined ? [] : readFaultPlan(settings.plan);
  const site = readSite(environment.siteFile);
  const { catalog } = loadCatalog();
  const file = await readGatewayFile(environment.gatewayFile, {
    environment: environment.all,
    loadCatalog: () => catalog,
  });
  const spec = demoBuilding(fireZonesOf(file));
  const clock = new VirtualClock(settings.fromMs);
  const time = new BuildingTime(clock);
  time.hold();
  const wires = equipmentWires(file);
  const classes = new Map(site.equipment.map((equipment) => [equipment.id, equipment.class]));
  const faults = new FaultBoard(classes, undefined, { wires, parts: partsOf(spec) });
  const building = newBuilding(spec, settings.seed, settings.fromMs);
  const runner = new BuildingRunner({ spec, building, faults, clock: time });
  runner.step();
  const source = new BuildingSource({ runner, readers: pointReaders(spec), faults, clock: time });
  const columns = columnsOf(site, settings, (id) => {
    const points = catalog.classes.get(classes.get(id) ?? '')?.points ?? {};
    const served = [...(wires.get(id)?.points ?? [])].filter((point) => points[point]?.kind !== 'string');
    return served.filter((point) => points[point] !== undefined && source.valuesOf(id)[point] !== undefined).sort();
  });
  mkdirSync(settings.out, { recursive: true });
  const files = new Map(
    [...columns].map(([id, points]) => [id, opened(settings.out, `${id}.csv`, ['time', ...points])]),
  );
  const levels = opened(settings.out, 'levels.csv', ['time', 'equipment', 'fault', 'point', 'level']);
  const about = (id: string, point: string): ClassPoint | undefined =>
    catalog.classes.get(classes.get(id) ?? '')?.points[point];
  const readerOf = (id: string, point: string): ReadPoint => {
    const known = about(id, point);
    return source.saidReader(id, point, { isCounter: known?.kind === 'counter', range: known?.range });
  };
  const readers = new Map([...columns].map(([id, points]) => [id, points.map((point) => readerOf(id, point))]));
  let labels: Label[];
  try {
    labels = exportPeriod({
      runner,
      faults,
      time,
      plan,
      durationMs: settings.durationMs,
      everyMs: settings.everyMs,
      equipment: [...columns.keys()],
      row(id) {
        if (source.wireFault([id])?.kind === 'silence') return undefined;
        return (readers.get(id) ?? []).map((read) => read() ?? null);
      },
      sample: (id, timeMs, values) => write(files.get(id), [iso(timeMs), ...values.map(cell)]),
      level: ({ equipment, fault, point }, timeMs, level) =>
        write(levels, [iso(timeMs), equipment, fault, point ?? '', String(level)]),
    });
  } finally {
    for (const handle of [...files.values(), levels]) closeSync(handle);
  }
  writeLabels(settings.out, labels);
  writeFileSync(
    join(settings.out, 'metadata.json'),
    `${JSON.stringify(metadata(settings, { site, columns, about, plan }), null, 2)}\n`,
  );
  say(
    `${columns.size} equipment, ${settings.durationMs / settings.everyMs} rows each, ${labels.length} labels in ${settings.out}`,
  );
  return 0;
}

function columnsOf(
  site: SiteModel,
  { points }: ExportSettings,
  served: (id: string) => string[],
): Map<string, string[]> {
  const columns = new Map<string, string[]>();
  for (const { id } of site.equipment) {
    const all = served(id);
    const wanted = points.filter((one) => one.split('/')[0] === id);
    const isWhole = points.length === 0 || wanted.includes(id);
    const found = isWhole ? all : all.filter((point) => wanted.includes(`${id}/${point}`));
    for (const one of wanted)
      if (one !== id && !found.includes(one.slice(id.length + 1)))
        throw new PlantroomError('USAGE', `--points has "${one}"; allowed of ${id}: ${all.join(', ')}`);
    if (found.length > 0) columns.set(id, found);
  }
  const ids = site.equipment.map(({ id }) => id);
  for (const one of points)
    if (!ids.includes(one.split('/')[0] ?? ''))
      throw new PlantroomError('USAGE', `--points has "${one}"; equipment there is: ${ids.join(', ')}`);
  return columns;
}

function writeLabels(out: string, labels: readonly Label[]): void {
  const handle = opened(out, 'labels.csv', ['start', 'end', 'equipment', 'fault', 'point', 'severity', 'ramp_s']);
  for (const { fault, startMs, endMs } of labels)
    write(handle, [
      iso(startMs),
      iso(endMs),
      fault.equipment,
      fault.fault,
      fault.point ?? '',
      String(fault.severity),
      String(fault.rampS),
    ]);
  closeSync(handle);
}

interface Described {
  site: SiteModel;
  columns: ReadonlyMap<string, readonly string[]>;
  about(id: string, point: string): ClassPoint | undefined;
  plan: readonly unknown[];
}

/** Nothing of when and where it was made: the same seed and plan give the same bytes. */
function metadata(settings: ExportSettings, { site, columns, about, plan }: Described): unknown {
  return {
    format: 'plantroom-export-1',
    site: site.site,
    timeZone: site.timeZone,
    from: iso(settings.fromMs),
    to: iso(settings.fromMs + settings.durationMs),
    everyMs: settings.everyMs,
    seed: settings.seed,
    separator,
    plan,
    equipment: Object.fromEntries(
      site.equipment.flatMap(({ id, class: of, name }) => {
        const points = columns.get(id);
        if (points === undefined) return [];
        const described = points.map((point) => {
          const { name: called, unit, kind } = about(id, point) ?? {};
          return [point, { name: called, unit, kind }];
        });
        return [[id, { class: of, name, file: `${id}.csv`, points: Object.fromEntries(described) }]];
      }),
    ),
  };
}

function opened(folder: string, name: string, header: readonly string[]): number {
  const handle = openSync(join(folder, name), 'w');
  write(handle, header);
  return handle;
}

function write(handle: number | undefined, cells: readonly string[]): void {
  if (handle !== undefined) writeSync(handle, `${cells.join(separator)}\n`);
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** No value is an empty cell; true and false are 1 and 0. */
function cell(value: PointValue): string {
  if (value === null) return '';
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}
