import { errorMessage, type Logger } from '@plantroom/contracts';
import { channelDefinition, channelSource } from '../domain/system-definitions.ts';
import type { Engine } from '../engine/engine.ts';
import type { ChannelConfig } from './domain/config.ts';

export interface ChannelAlarmsOptions {
  engine: Pick<Engine, 'command' | 'book' | 'plant' | 'system'>;
  channels: () => Iterable<ChannelConfig>;
  isFailing: (channel: string) => boolean;
  logger: Logger;
}

/** Joins the channels to the alarms: each enabled one has an alarm, which stands while it fails. */
export class ChannelAlarms {
  readonly #options: ChannelAlarmsOptions;
  readonly #defined = new Set<string>();
  /** Channels belong to the server: their alarms stand at its first site. Null: it knows none yet. */
  #site: string | null = null;

  constructor(options: ChannelAlarmsOptions) {
    this.#options = options;
  }

  /** Takes over which channels there are and whether they fail. */
  async refresh(): Promise<void> {
    const { engine, channels, isFailing, logger } = this.#options;
    this.#site ??= [...engine.plant.sites.keys()].sort()[0] ?? null;
    const site = this.#site;
    if (site === null) return;
    const enabled = [...channels()].filter((channel) => channel.enabled);
    const now = new Set(enabled.map(({ id }) => channelSource(site, id)));
    try {
      await engine.command(({ afterCommit }) => {
        afterCommit(() => {
          const gone = [...this.#defined].filter((source) => !now.has(source));
          for (const source of gone) this.#defined.delete(source);
          for (const source of now) this.#defined.add(source);
          return [
            ...gone.map((source) => engine.book.define(source, [])),
            ...enabled.map((channel) =>
              engine.book.define(channelSource(site, channel.id), [channelDefinition(site, channel)]),
            ),
          ];
        });
        return Promise.resolve();
      });
      for (const { id } of enabled) engine.system(channelSource(site, id), isFailing(id));
    } catch (error) {
      logger.error({}, `the alarms of notification channels are not up to date: ${errorMessage(error)}`);
    }
  }
}
