import { type Clock, errorMessage, type Health } from '@plantroom/contracts';
import type { Engine } from './engine/engine.ts';
import type { Historian } from './historian/historian.ts';
import type { IngestStats } from './ingest/ingest.ts';
import type { Notifications } from './notifications/notifications.ts';
import type { Database } from './repositories/database.ts';

export interface HealthSources {
  version: string;
  startedMs: number;
  clock: Clock;
  database: Database;
  historian: Historian;
  engine: Engine;
  ingestStats: () => IngestStats;
  notifications: Pick<Notifications, 'book' | 'notifier'>;
  /** Faults of the site file and the catalogue, in words; empty when sound. */
  configuration: readonly string[];
}

type Part = Health['parts'][string];
const ok: Part = { status: 'ok' };
const degraded = (detail: string): Part => ({ status: 'degraded', detail });

export async function checkHealth(sources: HealthSources): Promise<Health> {
  const { engine, clock, configuration } = sources;
  const ingest = sources.ingestStats();
  const stats = engine.stats();
  const parts: Health['parts'] = {
    broker: ingest.connected ? ok : degraded('not connected to the MQTT broker; trying again'),
    historian: await ofHistorian(sources.historian),
    database: stats.failing === null ? await answers(() => sources.database.ping()) : degraded(stats.failing),
    ingest:
      stats.condensed === 0 ? ok : degraded(`${stats.condensed} readings condensed, ${stats.waiting} inputs waiting`),
    notifications: ofNotifications(sources.notifications),
    configuration: configuration.length === 0 ? ok : degraded(configuration.join('\n')),
  };
  const status = Object.values(parts).every((part) => part.status === 'ok') ? 'ok' : 'degraded';
  return { status, version: sources.version, uptimeMs: Math.max(0, clock.nowMs() - sources.startedMs), parts };
}

async function ofHistorian(historian: Historian): Promise<Part> {
  const part = await answers(() => historian.ping());
  const trouble = historian.trouble?.() ?? null;
  return part.status === 'ok' && trouble !== null ? degraded(trouble) : part;
}

/** Having none is no trouble; having one that does not work is. */
function ofNotifications({ book, notifier }: HealthSources['notifications']): Part {
  if (notifier.failing !== null) return degraded(notifier.failing);
  const failing = [...book.config.channels.values()].flatMap(({ id, enabled }) => {
    const trouble = enabled ? notifier.sender.troubles.of(id) : null;
    return trouble === null ? [] : [`channel "${id}": ${trouble.message}`];
  });
  return failing.length === 0 ? ok : degraded(failing.join('\n'));
}

async function answers(ask: () => Promise<void>): Promise<Part> {
  try {
    await ask();
    return ok;
  } catch (error) {
    return degraded(errorMessage(error));
  }
}
