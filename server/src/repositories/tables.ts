import type { ColumnType, Generated } from 'kysely';
import type { NotificationTables } from './notification-tables.ts';

/** Booleans are 0/1 and JSON is text on both engines, so that one code reads both. Times are UTC ms. */
type Flag = 0 | 1;
type Json = string;

export interface SiteTable {
  id: string;
  name: Json;
  time_zone: string;
}

export interface SpaceTable {
  /** `<site>/<space>` */
  id: string;
  site: string;
  kind: string;
  name: Json;
  parent: string | null;
  position: number;
}

export interface EquipmentTable {
  /** `<site>/<equipment>` */
  id: string;
  site: string;
  class: string;
  name: Json;
  space: string | null;
  parent: string | null;
  depends_on: Json;
  /** `site-file` or `birth`; the file overrides what a birth registered. */
  origin: string;
  position: number;
}

export interface PointTable {
  id: string;
  equipment: string;
  class: string | null;
  unit: string | null;
  lane: string;
  silence_ms: number | null;
  derived: Flag;
  write_range: Json | null;
  gateway: string;
  device: string;
}

export interface GatewayTable {
  id: string;
  site: string;
  online: Flag;
  since_ms: number;
}

export interface DeviceTable {
  id: string;
  gateway: string;
  profile: string | null;
  connection: string | null;
  online: Flag;
  since_ms: number;
  equipment: Json;
}

export interface AlarmTable {
  id: string;
  state: string;
  /** The alarm as served. */
  body: Json;
  /** Condition and delays, to go on after a restart. */
  rule: Json;
  /** What late data has told of the rule; null: nothing. */
  late: Json | null;
  /** What the rule remembers of several points or of a window; null: nothing. */
  signal: Json | null;
  /** What its rule has told while it waits for its cause; null: it does not wait. */
  held: Json | null;
  revision: number;
}

export interface AlarmJournalTable {
  seq: Generated<number>;
  alarm: string;
  /** Null for alarms of gateways and devices. */
  equipment: string | null;
  occurrence: string | null;
  action: string;
  state_before: string;
  state_after: string;
  priority: string;
  at_ms: number;
  recorded_ms: number;
  historical: Flag;
  user_name: string | null;
  comment: string | null;
  /** Null: the action has none, or it was entered before there were any. */
  details: Json | null;
  value: Json;
  /** What the alarm was called then; null: the entry is older than this column. */
  name_zh: string | null;
  name_en: string | null;
  life_safety: Flag | null;
}

/** Acts of operators by the id that they gave them, so that one that is sent again is answered and not done again. */
export interface AlarmActTable {
  user_name: string;
  act: string;
  /** What was asked for, to tell another request under the same id. */
  request: Json;
  answer: Json;
  at_ms: number;
}

export interface PointLimitTable {
  point: string;
  kind: string;
  body: Json;
  set_by: string;
  set_ms: number;
}

/** What a site has changed about an alarm of a class, or an alarm of its own. */
export interface AlarmOverrideTable {
  /** Alarm id. */
  id: string;
  equipment: string;
  body: Json;
  set_by: string;
  set_ms: number;
}

export interface WorkOrderTable {
  id: string;
  number: number;
  equipment: string;
  failure_mode: string;
  state: string;
  body: Json;
  opened_ms: number;
  closed_ms: number | null;
  revision: number;
}

export interface WorkOrderEventTable {
  seq: Generated<number>;
  work_order: string;
  at_ms: number;
  kind: string;
  user_name: string | null;
  comment: string | null;
  state_before: string;
  state_after: string;
}

export interface WorkOrderEvidenceTable {
  seq: Generated<number>;
  work_order: string;
  /** Occurrence and its activation: the same evidence is never entered twice. */
  evidence_key: string;
  body: Json;
}

export interface WorkOrderStepTable {
  work_order: string;
  step: number;
  text: Json;
  done: Flag;
  done_by: string | null;
  done_ms: number | null;
}

export interface UserTable {
  username: string;
  role: string;
  password: string;
  disabled: Flag;
  created_ms: number;
}

export interface SessionTable {
  /** SHA-256 of the cookie: the table alone signs nobody in. */
  id: string;
  username: string;
  expires_ms: number;
}

export interface ApiTokenTable {
  id: string;
  name: string;
  hash: string;
  role: string;
  created_by: string;
  created_ms: number;
  last_used_ms: number | null;
}

export interface AuditTable {
  seq: Generated<number>;
  at_ms: number;
  user_name: string;
  action: string;
  subject: string;
  reason: string | null;
  details: ColumnType<Json, Json, never>;
}

export interface CommandTable {
  seq: Generated<number>;
  id: string;
  point: string;
  equipment: string;
  state: string;
  user_name: string;
  /** Null: none was given. */
  request_key: string | null;
  requested_ms: number;
  /** The command as served. */
  body: Json;
}

export interface OutboxHoleTable {
  gateway: string;
  lane: string;
  reason: string;
  /** Outbox positions. */
  first: number;
  next: number;
  from_ms: number;
  to_ms: number;
  /** Null: nobody knows. */
  count: number | null;
  uplinks: Json;
  recorded_ms: number;
}

export interface ShiftHandoverTable {
  seq: Generated<number>;
  site: string;
  /** Id of the operating position; empty: the site as a whole. */
  position: Generated<string>;
  /** Id of the shift in the site file. */
  shift: string;
  from_ms: number;
  to_ms: number;
  notes: string;
  /** The report as it was when the leaving engineer signed; null: not signed yet. */
  body: Json | null;
  left_by: string | null;
  left_ms: number | null;
  taken_by: string | null;
  taken_ms: number | null;
  /** What the taking engineer adds. */
  remark: string | null;
}

export interface TestModeTable {
  id: string;
  number: number;
  state: string;
  until_ms: number;
  body: Json;
  /** Who asked for it, under which id of their own. */
  user_name: string;
  act: string | null;
  request: Json | null;
}

export interface Tables extends NotificationTables {
  sites: SiteTable;
  spaces: SpaceTable;
  equipment: EquipmentTable;
  points: PointTable;
  gateways: GatewayTable;
  devices: DeviceTable;
  alarms: AlarmTable;
  alarm_journal: AlarmJournalTable;
  alarm_acts: AlarmActTable;
  point_limits: PointLimitTable;
  alarm_overrides: AlarmOverrideTable;
  test_modes: TestModeTable;
  work_orders: WorkOrderTable;
  work_order_events: WorkOrderEventTable;
  work_order_evidence: WorkOrderEvidenceTable;
  work_order_steps: WorkOrderStepTable;
  users: UserTable;
  sessions: SessionTable;
  api_tokens: ApiTokenTable;
  audit: AuditTable;
  commands: CommandTable;
  outbox_holes: OutboxHoleTable;
  shift_handovers: ShiftHandoverTable;
}
