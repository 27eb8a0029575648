import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@plantroom/contracts/testing';
import { ManagedProcess } from '../../scripts/stack/managed-process.ts';
import { freePort } from './free-ports.ts';
import { LiveClient } from './live-client.ts';
import { type RunningStack, startStack } from './start-stack.ts';

export const bedFolder = fileURLToPath(new URL('../../simulators/examples/replay-pump-bed/', import.meta.url));
const simulatorsMain = fileURLToPath(new URL('../../simulators/src/main.ts', import.meta.url));

/** The table of the example's README: column, point, factor from the recorded to the class unit. */
export const bedColumns = [
  ['Accelerometer1RMS', 'accelerometer-1-rms', 1],
  ['Accelerometer2RMS', 'accelerometer-2-rms', 1],
  ['Current', 'current', 1],
  ['Pressure', 'pressure', 100],
  ['Temperature', 'temperature', 1],
  ['Thermocouple', 'thermocouple', 1],
  ['Voltage', 'voltage', 1],
  ['Volume Flow RateRMS', 'volume-flow-rms', 0.06],
] as const;

export const bedPoint = (name: string): string => `bed/bed-1/${name}`;

/** Row by row what the historian must hold: point → value in the class unit, after the 32-bit float of the register. */
export function expectedRows(csv: string): Map<string, number>[] {
  const [header = [], ...rows] = csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(';'));
  return rows.map(
    (cells) =>
      new Map(
        bedColumns.map(([column, point, factor]) => [
          point,
          Math.fround(Number(cells[header.indexOf(column)])) * factor,
        ]),
      ),
  );
}

export interface ReplayBed {
  stack: RunningStack;
  live: LiveClient;
  /** Plays the file once, each row until it has been read, and holds the last; returns when the last row is live. */
  play(file: string, options: { rows: number }): Promise<void>;
  destroy(): Promise<void>;
}

/** The whole stack on the example's site, catalogue and gateway file, without the demo building; its device answers from `play` on. */
export async function startReplayBed(): Promise<ReplayBed> {
  const port = await freePort();
  const stack = await startStack({
    simulators: false,
    siteFile: join(bedFolder, 'site.yaml'),
    gatewayFile: join(bedFolder, 'gateway.yaml'),
    environment: { PLANTROOM_PROFILE_DIRS: join(bedFolder, 'catalog'), PLANTROOM_REPLAY_PORT: String(port) },
  });
  const live = new LiveClient(stack.url, stack.api.cookie);
  await live.subscribe({ scope: { kind: 'site', site: 'bed' } });
  const lines: string[] = [];
  let replay: ManagedProcess | undefined;
  return {
    stack,
    live,
    async play(file, { rows }) {
      const words = ['--csv', file, '--profile', 'plantroom/float-pump-bed', '--catalog', join(bedFolder, 'catalog')];
      const map = ['--map', 'Volume Flow RateRMS=volume-flow-rms'];
      replay = new ManagedProcess(
        {
          name: 'replay',
          command: [simulatorsMain, 'replay', ...words, ...map, '--port', String(port), '--as-fast', '--hold'],
          environment: {},
        },
        { line: (_name, _stream, line) => lines.push(line), exited: () => undefined },
      );
      if ((await replay.start()) === undefined) throw new Error(`the replay did not start:\n${lines.join('\n')}`);
      await eventually(
        () => {
          const row = live.values.get(bedPoint('row'));
          if (row?.value !== rows || row.quality !== 'good')
            throw new Error(`row ${row?.value}, ${row?.quality}\n${lines.slice(-5).join('\n')}`);
        },
        { what: `row ${rows} is live` },
      );
    },
    async destroy() {
      live.close();
      await replay?.stop();
      await stack.destroy();
    },
  };
}

export interface BedComparison {
  rows: number;
  missingRows: number[];
  compared: number;
  differences: { row: number; point: string; expected: number; stored: number | null | undefined }[];
}

/** Each row of the recording against what the historian held at the time of that row: the last value at or before it. */
export async function compareWithHistorian(
  stack: RunningStack,
  expected: readonly ReadonlyMap<string, number>[],
): Promise<BedComparison> {
  const until = Date.now() + 60_000;
  const rowSeries = await stack.api.history(bedPoint('row'), 0, until);
  const timeOfRow = new Map(rowSeries.v.map((row, i) => [row, rowSeries.t[i]]));
  const result: BedComparison = { rows: expected.length, missingRows: [], compared: 0, differences: [] };
  const series = new Map<string, { t: number[]; v: (number | null)[] }>();
  for (const [, point] of bedColumns) series.set(point, await stack.api.history(bedPoint(point), 0, until));
  expected.forEach((values, i) => {
    const atMs = timeOfRow.get(i + 1);
    if (atMs === undefined) {
      result.missingRows.push(i + 1);
      return;
    }
    for (const [point, value] of values) {
      const { t = [], v = [] } = series.get(point) ?? {};
      const stored = v[t.findLastIndex((ms) => ms <= atMs)];
      result.compared++;
      if (stored !== value) result.differences.push({ row: i + 1, point, expected: value, stored });
    }
  });
  return result;
}

/** An engineer's high limit on a point of the bed, which opens an order. */
export function setHighLimit(stack: RunningStack, point: string, limit: number): Promise<unknown> {
  return stack.api.request('PUT', `/api/points/${bedPoint(point)}/limits/H`, {
    kind: 'H',
    limit,
    priority: 'high',
    opensOrder: true,
    enabled: true,
    reason: 'commissioning of the test bed',
  });
}
