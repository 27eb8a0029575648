import { errorMessage, type Logger, type Quality, type Reading, sparkplugQuality } from '@plantroom/contracts';
import type { Historian, HistorianSample, QualityChange } from '../historian/historian.ts';
import type { BornPoint, IngestSink } from './ingest.ts';

export interface ForeignRecorder extends IngestSink {
  stats(): { recorded: number; lost: number };
}

/**
 * Writes the telemetry of foreign nodes to the historian, because they do not do it themselves as our gateways do, and passes
 * everything on. Foreign is what no profile of ours was born with. Such nodes have no outbox either: what the historian refuses is
 * lost, counted and said once until it takes again.
 */
export function recordForeign(
  sink: IngestSink,
  { historian, logger }: { historian: Historian; logger: Logger },
): ForeignRecorder {
  /** Point → quality last recorded. */
  const foreign = new Map<string, Quality>();
  const counts = { recorded: 0, lost: 0 };
  let failing = false;

  const record = (samples: HistorianSample[], quality: QualityChange[]): void => {
    if (samples.length + quality.length === 0) return;
    historian.write(samples, quality).then(
      () => {
        counts.recorded += samples.length;
        failing = false;
      },
      (error: unknown) => {
        counts.lost += samples.length;
        if (!failing) logger.error({ reason: errorMessage(error) }, 'telemetry of foreign nodes could not be recorded');
        failing = true;
      },
    );
  };

  const take = (readings: readonly Reading[]): void => {
    if (foreign.size === 0) return;
    const samples: HistorianSample[] = [];
    const changes: QualityChange[] = [];
    for (const { point, value, quality, reason, wireTimeMs: timeMs } of readings) {
      const recorded = foreign.get(point);
      if (recorded === undefined) continue;
      if (quality !== 'bad' && (typeof value === 'number' || typeof value === 'boolean')) {
        samples.push({ point, timeMs, value: Number(value) });
      }
      if (quality === recorded) continue;
      foreign.set(point, quality);
      changes.push({ point, timeMs, code: sparkplugQuality[quality], reason: reason ?? null });
    }
    record(samples, changes);
  };

  return {
    gatewayOnline: (gateway, atMs) => sink.gatewayOnline(gateway, atMs),
    gatewayOffline: (gateway, atMs) => sink.gatewayOffline(gateway, atMs),
    deviceOnline(gateway, device, points, atMs) {
      for (const born of points) noteBirth(foreign, born);
      sink.deviceOnline(gateway, device, points, atMs);
    },
    deviceOffline: (gateway, device, atMs) => sink.deviceOffline(gateway, device, atMs),
    readings(gateway, readings, historical) {
      take(readings);
      sink.readings(gateway, readings, historical);
    },
    degraded(gateway, points, quality, reason, atMs) {
      const changes = points.flatMap((point): QualityChange[] => {
        if (!foreign.has(point) || foreign.get(point) === quality) return [];
        foreign.set(point, quality);
        return [{ point, timeMs: atMs, code: sparkplugQuality[quality], reason }];
      });
      record([], changes);
      sink.degraded(gateway, points, quality, reason, atMs);
    },
    watermark: (gateway, wireTimeMs) => sink.watermark(gateway, wireTimeMs),
    complete: (gateway, lane, position) => sink.complete(gateway, lane, position),
    stats: () => ({ ...counts }),
  };
}

function noteBirth(foreign: Map<string, Quality>, { point, profile }: BornPoint): void {
  if (profile !== null) foreign.delete(point);
  else if (!foreign.has(point)) foreign.set(point, 'good');
}
