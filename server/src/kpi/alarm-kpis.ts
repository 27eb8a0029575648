import {
  type AlarmKpiQuery,
  type AlarmKpiReport,
  type AlarmPriority,
  type Clock,
  type System,
  zonedDays,
  zoneOffsetMs,
} from '@plantroom/contracts';
import type { KpiRow } from '../domain/kpi/alarm-track.ts';
import { KpiFolder } from '../domain/kpi/kpi-fold.ts';
import { kpiReport } from '../domain/kpi/kpi-report.ts';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { AccessError } from '../plugins/app/auth.ts';
import type { Database } from '../repositories/database.ts';
import { type AuditedChange, auditedChanges, lastNameOf, scanForKpis } from '../repositories/kpi-repository.ts';
import type { SiteOperations } from '../site/site-operations.ts';
import { concernOf } from './position-of.ts';

export interface AlarmKpiSources {
  engine: Engine;
  catalog: ServerCatalog;
  database: Database;
  operations: SiteOperations;
  clock: Clock;
}

const dayMs = 86_400_000;
const defaultDays = 30;
const mostDays = 400;
/** A change of settings and what the journal says of it are this close together. */
const auditMs = 60_000;

/** How alarms of a site were in a period, from its journal. Throws AccessError for a site, position or period that there is not. */
export async function alarmKpis(
  { engine, catalog, database, operations, clock }: AlarmKpiSources,
  query: AlarmKpiQuery,
  signal?: AbortSignal,
): Promise<AlarmKpiReport> {
  const { fromMs, toMs } = periodOf(query, clock.nowMs());
  const site = engine.plant.sites.get(query.site);
  if (site === undefined) throw new AccessError(404, 'NOT_FOUND', `no site "${query.site}"`, 'site');
  const positions = operations.positionsOf(site.id);
  const { position } = query;
  if (position !== undefined && positions.every(({ id }) => id !== position)) {
    const allowed = positions.map(({ id }) => id).join(', ');
    throw new AccessError(404, 'NOT_FOUND', `no position "${position}"; there are ${allowed}`, 'position');
  }
  const systemOf = (equipment: string): System | undefined =>
    catalog.classes.get(engine.plant.equipment.get(equipment)?.class ?? '')?.system;
  const belongs = concernOf({ positions, position, systemOf });
  const audited = await auditedChanges(database.db, { fromMs: fromMs - auditMs, toMs: toMs + auditMs });
  const offsetMs = zoneOffsetMs(fromMs, site.timeZone);
  const folder = new KpiFolder({
    fromMs,
    toMs,
    zoneOffsetMs: offsetMs,
    isAudited: (row) => isAudited(row, audited),
  });
  for await (const rows of scanForKpis(database.db, { site: site.id, fromMs, toMs }, signal)) {
    for (const row of rows) if (belongs(row.equipment)) folder.add(row);
  }
  const configured: Record<AlarmPriority, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { definition } of engine.book.all()) {
    if (!definition.enabled || !definition.source.startsWith(`${site.id}/`) || !belongs(definition.equipment)) continue;
    configured[definition.priority]++;
  }
  const report = kpiReport(folder.result(), {
    site: site.id,
    position: position ?? null,
    positions: position === undefined ? positions.length : 1,
    fromMs,
    toMs,
    zoneOffsetMs: offsetMs,
    days: zonedDays(fromMs, toMs, site.timeZone),
    configured,
  });
  return named(report, { engine, database });
}

/** Adds what the alarms are called now or, when they are no longer there, were called last. */
async function named(
  report: AlarmKpiReport,
  { engine, database }: Pick<AlarmKpiSources, 'engine' | 'database'>,
): Promise<AlarmKpiReport> {
  for (const each of [...report.badActors, ...report.stale]) {
    const known = engine.book.get(each.alarm)?.definition.guidance.name;
    each.name = known ?? (await lastNameOf(database.db, each.alarm)) ?? null;
  }
  return report;
}

function periodOf({ from, to }: AlarmKpiQuery, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = Math.min(to ?? nowMs, nowMs);
  const fromMs = from ?? toMs - defaultDays * dayMs;
  if (fromMs >= toMs) {
    throw new AccessError(400, 'INVALID_REQUEST', `from (${fromMs}) must be before the end (${toMs})`, 'from');
  }
  if (toMs - fromMs > mostDays * dayMs) {
    throw new AccessError(400, 'INVALID_REQUEST', `the period is longer than ${mostDays} days`, 'from');
  }
  return { fromMs, toMs };
}

/** Whether the audit has a change of the alarm, its point or its equipment shortly before. `changes` in the order of time. */
function isAudited({ alarm, recordedMs }: KpiRow, changes: readonly AuditedChange[]): boolean {
  return changes.some(
    ({ subject, atMs }) =>
      Math.abs(recordedMs - atMs) <= auditMs &&
      (subject === alarm || alarm.startsWith(`${subject}/`) || alarm.startsWith(`${subject}#`)),
  );
}
