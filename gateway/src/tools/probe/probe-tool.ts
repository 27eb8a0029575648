import { PlantroomError } from '@plantroom/contracts';
import { expandNumberList, loadCatalog, type ModbusTable, modbusTables, notAllowed } from '@plantroom/device-profiles';
import type { ModbusConnection } from '../../config/gateway-config.ts';
import { carriesRtu } from '../../drivers/modbus/create-line.ts';
import { onlyPositional, parseOptions, wholeOption } from '../options.ts';
import { exitCodes, type Tool, type ToolIo } from '../tool.ts';
import { type Guesses, guessTypes } from './guess.ts';
import { mapRegisters, type ReadRange, type RegisterMap, sampleAgain } from './map-registers.ts';
import { ProbeLine } from './probe-line.ts';
import { renderMap, renderSuggestions, renderUnits } from './render.ts';
import { type FoundUnit, ignoresUnitId, scanUnits } from './scan-units.ts';
import { type Suggestion, suggestProfiles } from './suggest-profile.ts';
import { parseTarget } from './target.ts';

export const probeTool: Tool = {
  name: 'probe',
  usage: 'TARGET [--units 1-247] [--read holding:0-99]… [--profile auto|VENDOR/MODEL] …',
  summary: 'looks at what answers on a Modbus line: unit ids, registers, types and word order, the profile that fits',
  help: `Only reads, never writes. TARGET is one of
  tcp://HOST[:PORT]              a device or gateway that speaks Modbus TCP
  rtu-over-tcp://HOST:PORT       a transparent converter
  rtu:/dev/ttyUSB0?baud=9600&parity=even&stop=1
  tcp-server://0.0.0.0:PORT?registration=TEXT   waits for a DTU to dial in

  --units 1-247        unit ids, also 1,5,20-30. Several are scanned first. Left out: 1-247
  --read TABLE:FROM-TO coil, discrete, input or holding; PDU addresses, the first is 0. May stand several times: which registers
                       exist, what they hold in every type, and a guess at types and word order from how the values look and move
  --profile auto       which built-in profiles fit what it answers, with the evidence. VENDOR/MODEL: only that one.
                       Left out: auto, unless there is --read
  --bauds 9600,19200   serial port: the same with each of these
  --samples 3          readings for the guess    --every 1000   between them, ms
  --timeout 300        ms     --retries 1     --gap 20   ms between requests
  --catalog FOLDER     profiles of one's own
  --json               one JSON document in place of text`,
  run: async (args, io) => {
    const options = parseOptions('probe', args, {
      units: 'text',
      read: 'list',
      profile: 'text',
      bauds: 'text',
      samples: 'text',
      every: 'text',
      timeout: 'text',
      retries: 'text',
      gap: 'text',
      catalog: 'list',
      json: 'flag',
    });
    const target = parseTarget(onlyPositional('probe', options, 'TARGET'));
    const whole = (name: string, otherwise: number, max: number, min = 0): number =>
      wholeOption(name, options.texts.get(name), { otherwise, min, max });
    const plan: Plan = {
      units: unitsOf(options.texts.get('units') ?? '1-247'),
      ranges: (options.lists.get('read') ?? []).map(rangeOf),
      profile: options.texts.get('profile') ?? (options.lists.has('read') ? undefined : 'auto'),
      folders: options.lists.get('catalog') ?? [],
      samples: whole('samples', 3, 1000, 1),
      everyMs: whole('every', 1000, 3_600_000),
      timeoutMs: whole('timeout', 300, 60_000, 10),
      retries: whole('retries', 1, 10),
      gapMs: whole('gap', carriesRtu(target) ? 20 : 0, 10_000),
    };
    const targets = baudsOf(target, options.texts.get('bauds'));
    const results: ProbeResult[] = [];
    for (const connection of targets) {
      if (targets.length > 1 && connection.transport === 'rtu') io.note(`At ${connection.baudRate} baud:\n`);
      results.push(await probe(connection, plan, io));
      const result = results.at(-1);
      if (result !== undefined && !options.flags.has('json')) io.out(renderResult(result, plan));
    }
    if (options.flags.has('json')) io.out(`${JSON.stringify(results, jsonValue, 2)}\n`);
    return results.some(({ units }) => units.length > 0) ? exitCodes.done : exitCodes.failed;
  },
};

interface Plan {
  units: number[];
  ranges: ReadRange[];
  /** `auto`, an id, or none. */
  profile: string | undefined;
  folders: readonly string[];
  samples: number;
  everyMs: number;
  timeoutMs: number;
  retries: number;
  gapMs: number;
}

export interface ProbeResult {
  connection: ModbusConnection;
  asked: number;
  units: FoundUnit[];
  /** The device answers whatever the unit id: only the first is looked at. */
  ignoresUnitId: boolean;
  maps: { unit: number; map: RegisterMap; guesses: Guesses }[];
  suggestions: { unit: number; suggestions: Suggestion[] }[];
}

async function probe(connection: ModbusConnection, plan: Plan, io: ToolIo): Promise<ProbeResult> {
  const { timeoutMs, retries, gapMs: minRequestGapMs } = plan;
  const line = new ProbeLine({ connection, timeoutMs, retries, minRequestGapMs, clock: io.clock, signal: io.signal });
  line.start();
  try {
    const scanning = plan.units.length > 1;
    const progress = (unit: number, found: number): void => {
      if (scanning && io.screen !== undefined) io.note(`\runit ${unit}, ${found} found `);
    };
    const units = await scanUnits(line, plan.units, progress);
    if (scanning && io.screen !== undefined) io.note('\r\x1b[K');
    const alike = ignoresUnitId(units, plan.units.length);
    const result: ProbeResult = {
      connection,
      asked: plan.units.length,
      units,
      ignoresUnitId: alike,
      maps: [],
      suggestions: [],
    };
    for (const { unit } of alike ? units.slice(0, 1) : units) {
      for (const range of plan.ranges) {
        const map = await mapRegisters(line, unit, range);
        const samples = [map.words];
        while (samples.length < plan.samples && map.words.size > 0) {
          await new Promise<void>((resolve) => io.clock.after(plan.everyMs, resolve));
          samples.push(await sampleAgain(line, unit, map));
        }
        result.maps.push({ unit, map, guesses: guessTypes(samples) });
      }
      if (plan.profile !== undefined) {
        const { catalog, problems } = loadCatalog({ folders: plan.folders });
        for (const { source, message } of problems) io.note(`${source}: ${message}\n`);
        if (plan.profile !== 'auto' && !catalog.profiles.has(plan.profile))
          throw new PlantroomError(
            'USAGE',
            `--profile ${notAllowed(plan.profile, 'a profile, or auto', [...catalog.profiles.keys()])}`,
          );
        const suggestions = await suggestProfiles(line, unit, {
          catalog,
          framings: carriesRtu(connection) ? ['standard', 'inovance-rtu16'] : ['standard'],
          ...(plan.profile === 'auto' ? {} : { only: [plan.profile] }),
        });
        result.suggestions.push({ unit, suggestions });
      }
    }
    return result;
  } finally {
    await line.stop();
  }
}

function renderResult(result: ProbeResult, plan: Plan): string {
  const parts = [renderUnits(result.units, result.asked)];
  if (result.ignoresUnitId)
    parts.push('Every unit id is answered alike: this device does not look at it. Only the first is shown.\n');
  for (const { unit, map, guesses } of result.maps) parts.push(renderMap(unit, map, guesses));
  for (const { unit, suggestions } of result.suggestions) {
    parts.push(renderSuggestions(unit, suggestions));
    const [best] = suggestions;
    if (best !== undefined && best.bits > 0 && plan.profile === 'auto')
      parts.push(
        `  For the gateway file: - { id: device-${unit}, profile: ${best.profile}, connection: …, unitId: ${unit}, serves: … }\n`,
      );
  }
  return `${parts.join('\n')}\n`;
}

function unitsOf(text: string): number[] {
  const entries = text.split(',').map((entry) => (/^\d+$/.test(entry) ? Number(entry) : entry));
  let units: number[];
  try {
    units = expandNumberList(entries);
  } catch (error) {
    throw new PlantroomError('USAGE', `--units is "${text}", allowed are numbers and ranges such as 1,5,20-30`, {
      cause: error,
    });
  }
  const wrong = units.find((unit) => unit > 255);
  if (wrong !== undefined || units.length === 0)
    throw new PlantroomError('USAGE', `--units names ${wrong}, allowed are 0 to 255`);
  return units;
}

function rangeOf(text: string): ReadRange {
  const [, table = '', from = '', to = from] = /^([a-z]+):(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const known = modbusTables.find((name) => name === table);
  if (known === undefined)
    throw new PlantroomError('USAGE', `--read ${notAllowed(text, 'TABLE:FROM-TO; as the table', [...modbusTables])}`);
  const [start, end] = [Number(from), Number(to)];
  if (end < start || end > 65_535)
    throw new PlantroomError('USAGE', `--read is "${text}", allowed are rising addresses from 0 to 65535`);
  return { table: known satisfies ModbusTable, start, count: end - start + 1 };
}

function baudsOf(target: ModbusConnection, text: string | undefined): ModbusConnection[] {
  if (text === undefined) return [target];
  if (target.transport !== 'rtu')
    throw new PlantroomError('USAGE', '--bauds is for a serial port of this machine; a converter has its own setting');
  return text.split(',').map((baud) => ({
    ...target,
    baudRate: wholeOption('bauds', baud, { otherwise: 9600, min: 300, max: 921_600 }),
  }));
}

function jsonValue(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
