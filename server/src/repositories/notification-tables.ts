type Json = string;

/** A channel, person, roster, policy, or the settings. */
export interface NotificationConfigTable {
  kind: string;
  id: string;
  body: Json;
}

export interface NotificationSecretTable {
  channel: string;
  name: string;
  /** Encrypted with the key of the installation. */
  sealed: string;
}

export interface NotificationCursorTable {
  name: string;
  /** Of the alarm journal: the last line that was followed. */
  seq: number;
}

/** One ladder of one policy for one announcement. */
export interface NotificationCallTable {
  id: string;
  alarm: string;
  policy: string;
  /** What is told of the alarm. */
  body: Json;
  /** The next one. */
  rung: number;
  opened_ms: number;
  next_ms: number | null;
  ended_ms: number | null;
  ended_by: string | null;
}

export interface NotificationNoticeTable {
  id: string;
  call: string;
  kind: string;
  person: string | null;
  contact: number;
  channel: string;
  address: string;
  language: string;
  rank: number;
  created_ms: number;
  due_ms: number;
  body: Json;
  /** The message that it went into; null: it waits. */
  delivery: string | null;
}

export interface NotificationDeliveryTable {
  id: string;
  channel: string;
  rank: number;
  state: string;
  attempts: number;
  created_ms: number;
  next_ms: number | null;
  tried_ms: number | null;
  sent_ms: number | null;
  receipt: string | null;
  error: string | null;
  body: Json;
}

export interface NotificationLinkTable {
  id: string;
  person: string;
  alarm: string;
  occurrence: string | null;
  expires_ms: number;
  used_ms: number | null;
}

/** What notifications keep; the rest is in `tables.ts`. */
export interface NotificationTables {
  notification_config: NotificationConfigTable;
  notification_secrets: NotificationSecretTable;
  notification_cursors: NotificationCursorTable;
  notification_calls: NotificationCallTable;
  notification_notices: NotificationNoticeTable;
  notification_deliveries: NotificationDeliveryTable;
  notification_links: NotificationLinkTable;
}
