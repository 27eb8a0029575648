import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KpiFolder } from '../../../server/src/domain/kpi/kpi-fold.ts';
import { kpiReport } from '../../../server/src/domain/kpi/kpi-report.ts';
import { openDatabase } from '../../../server/src/repositories/database.ts';
import { appendJournal, type JournalWrite } from '../../../server/src/repositories/journal-repository.ts';
import { scanForKpis } from '../../../server/src/repositories/kpi-repository.ts';
import { type Figure, rounded } from '../report.ts';

const rows = 200_000;
const alarms = 400;
const dayMs = 86_400_000;
const toMs = Date.UTC(2026, 0, 1);
const fromMs = toMs - 365 * dayMs;

/** The KPIs of a year with 200,000 entries, a year of the same before it, out of a journal on disk: CPU, in all and of the longest portion. */
export async function alarmKpis(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-kpis-'));
  const database = await openDatabase(join(folder, 'plantroom.sqlite'));
  try {
    await database.db.transaction().execute(async (db) => {
      for (let year = 0; year < 2; year++) {
        const startMs = fromMs - (1 - year) * 365 * dayMs;
        await appendJournal(db, lives(startMs));
      }
    });
    const before = cpuMs();
    const fold = new KpiFolder({ fromMs, toMs, zoneOffsetMs: 8 * 3_600_000 });
    let read = 0;
    let longestMs = 0;
    let began = cpuMs();
    for await (const portion of scanForKpis(database.db, { site: 'hq', fromMs, toMs })) {
      for (const row of portion) fold.add(row);
      read += portion.length;
      longestMs = Math.max(longestMs, cpuMs() - began);
      await new Promise<void>((resolve) => setImmediate(resolve));
      began = cpuMs();
    }
    const days = Array.from({ length: 366 }, (_, day) => fromMs + day * dayMs);
    const report = kpiReport(fold.result(), {
      site: 'hq',
      position: null,
      positions: 1,
      fromMs,
      toMs,
      zoneOffsetMs: 8 * 3_600_000,
      days,
      configured: { critical: 1, high: 1, medium: 1, low: 1 },
    });
    const spentMs = cpuMs() - before;
    return [
      {
        name: 'alarm-kpis CPU for a year',
        measured: spentMs,
        unit: 'ms',
        limit: { at: 1_500, sense: 'at most' },
        note: `${rounded(read)} entries, ${rounded(report.annunciated)} annunciated; ${rounded((spentMs * 1000) / read)} µs an entry`,
      },
      {
        name: 'alarm-kpis longest portion',
        measured: longestMs,
        unit: 'ms',
        limit: { at: 200, sense: 'at most' },
        note: 'CPU; the server does nothing else meanwhile',
      },
    ];
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Activated, acknowledged, returned, over and over: as many entries as a busy site has in a year. */
function lives(startMs: number): JournalWrite[] {
  const entries: JournalWrite[] = [];
  const each = Math.floor(rows / 3);
  for (let life = 0; life < each; life++) {
    const atMs = startMs + Math.floor((life * 365 * dayMs) / each);
    const number = (life * 7919) % alarms;
    const entry = (
      action: JournalWrite['action'],
      afterMs: number,
      [stateBefore, stateAfter]: readonly [JournalWrite['stateBefore'], JournalWrite['stateAfter']],
    ): JournalWrite => ({
      alarm: `hq/pump-${number}/discharge-pressure#low`,
      equipment: `hq/pump-${number}`,
      name: { zh: '出水压力低', en: 'Discharge pressure low' },
      lifeSafety: false,
      occurrence: `hq/pump-${number}/discharge-pressure#low@${atMs}.1`,
      action,
      stateBefore,
      stateAfter,
      priority: number % 5 === 0 ? 'medium' : 'low',
      atMs: atMs + afterMs,
      recordedMs: atMs + afterMs + 500,
      historical: false,
      user: action === 'acknowledged' ? 'li' : null,
      comment: null,
      details: null,
      value: 300,
    });
    entries.push(
      entry('activated', 0, ['NORM', 'UNACK']),
      entry('acknowledged', 60_000, ['UNACK', 'ACKED']),
      entry('returned', 120_000, ['ACKED', 'NORM']),
    );
  }
  return entries.sort((a, b) => a.recordedMs - b.recordedMs);
}
