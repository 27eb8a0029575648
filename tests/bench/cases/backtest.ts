import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { runBacktest, type TriedOutcome } from '../../../server/src/backtest/run-backtest.ts';
import { wholeEvaluation } from '../../../server/src/backtest/test-helpers/whole-evaluation.ts';
import { DuckDbHistorian } from '../../../server/src/historian/duckdb-historian.ts';
import { BacktestData } from '../bed/backtest-data.ts';
import { LiveWrites } from '../bed/live-writes.ts';
import { type Figure, load, rounded, say } from '../report.ts';

const alarms = 200;
const days = 30;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const firstMs = Date.UTC(2026, 5, 1);
const rounds = 3;
const aloneMs = 5_000;
/** Of the alarms every so many is evaluated sample by sample as well. */
const compareEach = 20;

/** 200 alarms, each as it is in force and as it is proposed, over 30 days of values each ten seconds; the last day is not closed yet. */
export async function backtest(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-backtest-'));
  const clock = new VirtualClock(firstMs);
  const historian = new DuckDbHistorian({ folder, logger: silentLogger, clock });
  await historian.start();
  try {
    const data = new BacktestData(alarms);
    const samples = await fill(historian, data, clock);
    const toMs = firstMs + days * dayMs;
    const seconds: number[] = [];
    const cpu: number[] = [];
    let last = await run(historian, data);
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      const used = process.cpuUsage();
      last = await run(historian, data);
      seconds.push((performance.now() - began) / 1000);
      const { user, system } = process.cpuUsage(used);
      cpu.push((user + system) / 1e6);
    }
    const { outcomes, told } = last;
    const live = new LiveWrites(historian, toMs + 2 * hourMs);
    const alone = await live.during(() => new Promise((resolve) => setTimeout(resolve, aloneMs)));
    const beside = await live.during(() => run(historian, data));
    const raised = outcomes.reduce((sum, { before }) => sum + (before?.kept.length ?? 0), 0);
    const compared = await compare(historian, data, outcomes);
    return [
      {
        name: `backtest of ${alarms} alarms, ${days} days, both sides`,
        measured: Math.min(...seconds),
        unit: 's',
        limit: { at: 10, sense: 'at most' },
        note: `slowest of ${rounds} ${rounded(Math.max(...seconds))} s; ${rounded(samples / 1e6)} M samples, ${raised} occurrences, load ${load()}`,
      },
      {
        name: 'backtest, CPU of all threads',
        measured: Math.min(...cpu),
        unit: 's',
        limit: { at: 10, sense: 'at most' },
        note: 'what one idle core would take; on a busy machine this is the figure to judge',
      },
      {
        name: 'backtest, minutes of which samples were read',
        measured: (told.sampled / told.minutes) * 100,
        unit: '%',
      },
      { name: 'backtest, longest turn of the event loop, CPU', measured: last.longestMs, unit: 'ms' },
      {
        name: 'live writes of 20 k samples beside it, p95',
        measured: beside.p95Ms,
        unit: 'ms',
        peer: { name: 'without it', measured: alone.p95Ms },
        note: `all ${beside.stored} stored, 200 k samples/s`,
      },
      {
        name: 'backtest, sides equal to the whole evaluation',
        measured: compared.sides - compared.different,
        unit: 'sides',
        limit: { at: compared.sides, sense: 'at least' },
        note: `${compared.occurrences} occurrences`,
      },
    ];
  } finally {
    await historian.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  outcomes: TriedOutcome[];
  told: { minutes: number; sampled: number };
  longestMs: number;
}

async function run(historian: DuckDbHistorian, data: BacktestData): Promise<Run> {
  const toMs = firstMs + days * dayMs;
  const outcomes: TriedOutcome[] = [];
  const reader = await historian.reader();
  const delay = watchDelay();
  const told = await runBacktest({
    reader,
    alarms: data.alarms.map(({ point, kind, before, after }) => ({
      id: `${point}#x`,
      source: point,
      kinds: new Map([[point, kind]]),
      before: { rule: before, plan: null },
      after: { rule: after, plan: null },
    })),
    range: { fromMs: firstMs, toMs },
    days: Array.from({ length: days }, (_, day) => firstMs + day * dayMs),
    endMs: toMs,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    take: (outcome) => outcomes.push(outcome),
  });
  reader.close();
  return { outcomes, told, longestMs: delay() };
}

async function fill(historian: DuckDbHistorian, data: BacktestData, clock: VirtualClock): Promise<number> {
  let count = 0;
  for (let day = 0; day < days; day++) {
    const pending = new Set<Promise<void>>();
    for (let hour = 0; hour < 24; hour++) {
      const fromMs = firstMs + day * dayMs + hour * hourMs;
      const { samples, quality } = data.stretch(fromMs, fromMs + hourMs);
      count += samples.length;
      const write = historian.write(samples, quality).finally(() => pending.delete(write));
      pending.add(write);
      if (pending.size >= 8) await Promise.race(pending);
    }
    await Promise.all(pending);
    clock.advance(firstMs + (day + 1) * dayMs + 2 * hourMs - clock.nowMs());
    // The last day stays open, as the present one always is.
    if (day < days - 1) await historian.maintain();
    if (day % 10 === 9) say(`  ${day + 1} of ${days} days built`);
  }
  return count;
}

/** The longest time that others had to wait, as CPU time of this thread: what other programs take of a shared core is not ours. */
function watchDelay(): () => number {
  const spent = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = spent();
  let longest = 0;
  const timer = setInterval(() => {
    const now = spent();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

async function compare(
  historian: DuckDbHistorian,
  data: BacktestData,
  outcomes: readonly TriedOutcome[],
): Promise<{ sides: number; different: number; occurrences: number }> {
  const toMs = firstMs + days * dayMs;
  const found = { sides: 0, different: 0, occurrences: 0 };
  for (const [i, alarm] of data.alarms.entries()) {
    // One of each kind of point.
    if (i % compareEach !== Math.floor(i / compareEach) % 10) continue;
    const { point } = alarm;
    const query = { points: [point], fromMs: firstMs, toMs, aggregate: 'raw', limit: 1_000_000 } as const;
    const [series] = await historian.query(query);
    const samples = (series?.t ?? []).map((timeMs, at) => ({ point, timeMs, value: series?.v[at] ?? Number.NaN }));
    const quality = await historian.quality([point], { fromMs: firstMs, toMs });
    const outcome = outcomes.find((each) => each.alarm.source === point);
    for (const side of ['before', 'after'] as const) {
      const whole = wholeEvaluation({ rule: alarm[side], kind: alarm.kind, samples, quality, fromMs: firstMs, toMs });
      found.sides++;
      found.occurrences += whole.length;
      if (JSON.stringify(whole) !== JSON.stringify(outcome?.[side]?.kept)) found.different++;
    }
  }
  return found;
}
