import { laneSource, outboxSource } from './domain/system-definitions.ts';
import type { Engine } from './engine/engine.ts';
import type { SparkplugHostOptions } from './ingest/ingest-options.ts';
import type { OutboxBook } from './outboxes/outbox-book.ts';

type HostNews = Required<Pick<SparkplugHostOptions, 'onOutbox' | 'onOnline' | 'onLost' | 'onSafetyLane'>>;

/** What the Sparkplug host tells of itself and of its gateways, as alarms. `onOnline`: who else wants to know; left out: nobody. */
export function hostAlarms(
  engine: Pick<Engine, 'broker' | 'system'>,
  { outboxes, onOnline }: { outboxes: OutboxBook; onOnline?: () => void },
): HostNews {
  return {
    onOnline() {
      engine.broker(true);
      onOnline?.();
    },
    onLost: () => engine.broker(false),
    onSafetyLane: (gateway, isBehind) => engine.system(laneSource(gateway), isBehind),
    onOutbox(gateway, text) {
      outboxes.report(gateway, text);
      const { state } = outboxes.of(gateway);
      if (state !== null) engine.system(outboxSource(gateway), state.refusing !== null);
    },
  };
}
