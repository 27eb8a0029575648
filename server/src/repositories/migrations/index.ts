import type { Migration } from 'kysely/migration';
import type { DatabaseEngine } from '../database.ts';
import { operations } from './0001-operations.ts';
import { commands } from './0002-commands.ts';
import { derivedPoints } from './0003-derived-points.ts';
import { lateData } from './0004-late-data.ts';
import { outboxHoles } from './0005-outbox-holes.ts';
import { alarmActs } from './0006-alarm-acts.ts';
import { alarmConditions } from './0007-alarm-conditions.ts';
import { notifications } from './0008-notifications.ts';
import { alarmReports } from './0009-alarm-reports.ts';
import { alarmCauses } from './0011-alarm-causes.ts';
import { testModes } from './0012-test-modes.ts';
import { auditTime } from './0013-audit-time.ts';
import { handoverPositions } from './0014-handover-positions.ts';
import { notificationTimes } from './0015-notification-times.ts';

/** In order; a migration that has landed is never edited. */
export function migrationsFor(engine: DatabaseEngine): Record<string, Migration> {
  return {
    '0001-operations': operations(engine),
    '0002-commands': commands(engine),
    '0003-derived-points': derivedPoints(),
    '0004-late-data': lateData(),
    '0005-outbox-holes': outboxHoles(),
    '0006-alarm-acts': alarmActs(),
    '0007-alarm-conditions': alarmConditions(),
    '0008-notifications': notifications(),
    '0009-alarm-reports': alarmReports(engine),
    '0011-alarm-causes': alarmCauses(),
    '0012-test-modes': testModes(),
    '0013-audit-time': auditTime(),
    '0014-handover-positions': handoverPositions(engine),
    '0015-notification-times': notificationTimes(),
  };
}
