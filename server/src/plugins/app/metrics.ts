import { type Alarm, alarmPriorities } from '@plantroom/contracts';
import fp from 'fastify-plugin';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

const sights = ['shown', 'shelved', 'suppressed', 'out-of-service'] as const;

function sightOf({ state }: Pick<Alarm, 'state'>): (typeof sights)[number] {
  if (state === 'SHLVD') return 'shelved';
  if (state === 'DSUPR') return 'suppressed';
  return state === 'OOSRV' ? 'out-of-service' : 'shown';
}

/** `GET /metrics` for Prometheus, public as /api/health is: it tells counts, never values. */
export const metricsPlugin = fp(
  (app) => {
    const { engine, live, ingestStats, clock } = app.services;
    const register = new Registry();
    collectDefaultMetrics({ register });
    const registers = [register];
    const counter = (name: string, help: string, read: () => number): void => {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    };
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };
    counter('plantroom_ingest_messages_total', 'Sparkplug messages taken in', () => ingestStats().messages);
    counter('plantroom_ingest_readings_total', 'New readings', () => ingestStats().readings);
    counter('plantroom_ingest_duplicates_total', 'Readings seen before', () => ingestStats().duplicates);
    counter('plantroom_ingest_malformed_total', 'Payloads that could not be read', () => ingestStats().malformed);
    counter('plantroom_ingest_sequence_gaps_total', 'Gaps in Sparkplug sequences', () => ingestStats().sequenceGaps);
    counter('plantroom_ingest_rebirths_total', 'Rebirths asked for', () => ingestStats().rebirthsRequested);
    counter(
      'plantroom_ingest_replays_total',
      'Stretches that gateways were asked to send again',
      () => ingestStats().replaysRequested,
    );
    gauge(
      'plantroom_ingest_unmapped_metrics',
      'Metrics of foreign nodes that the mapping puts nowhere',
      () => ingestStats().unmapped,
    );
    counter('plantroom_engine_condensed_total', 'Readings condensed to the newest', () => engine.stats().condensed);
    counter('plantroom_engine_commits_total', 'Transactions of the engine', () => engine.stats().commits);
    counter('plantroom_engine_failures_total', 'Transactions refused', () => engine.stats().failures);
    gauge('plantroom_engine_waiting', 'Inputs waiting', () => engine.stats().waiting);
    gauge('plantroom_live_clients', 'Connected screens', () => live.stats().clients);
    new Gauge({
      name: 'plantroom_alarms',
      help: 'Alarms that are not normal, by what hides them: shown are those that nothing does',
      labelNames: ['priority', 'state'],
      registers,
      collect() {
        for (const priority of alarmPriorities) for (const state of sights) this.set({ priority, state }, 0);
        for (const { alarm } of engine.book.standing()) this.inc({ priority: alarm.priority, state: sightOf(alarm) });
      },
    });
    new Gauge({
      name: 'plantroom_alarm_flood',
      help: 'Alarms within ten minutes at an operating position that is in flood; positions that are not are left out',
      labelNames: ['site', 'position'],
      registers,
      collect() {
        this.reset();
        for (const { site, position, rate } of engine.floods.open(clock.nowMs())) this.set({ site, position }, rate);
      },
    });
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(register.contentType).send(await register.metrics()),
    );
    return Promise.resolve();
  },
  { name: 'metrics' },
);
