import { join } from 'node:path';
import { type Clock, errorMessage, type LocalText, type Logger } from '@plantroom/contracts';
import { Demo } from '../demo/demo.ts';
import type { SimulatorEnvironment } from '../environment.ts';
import { type WrittenFiles, writeBuildingFiles } from './building-files.ts';
import type { ListedBuilding } from './building-list.ts';

export interface BuildingsOptions {
  list: readonly ListedBuilding[];
  environment: SimulatorEnvironment;
  clock: Clock;
  logger: Logger;
}

interface Running extends WrittenFiles {
  id: string;
  demo: Demo;
}

/** Several buildings in one process, each with files, ports, seed, calendar and saved state of its own. */
export class Buildings {
  readonly #options: BuildingsOptions;
  #running: Running[] = [];

  constructor(options: BuildingsOptions) {
    this.#options = options;
  }

  /** All of them, or none: what has been started is stopped when one cannot be. */
  async start(): Promise<void> {
    const { list, environment, clock, logger } = this.#options;
    try {
      for (const [place, building] of list.entries()) {
        const folder = join(environment.dataDir, 'buildings', building.id);
        const files = writeBuildingFiles(building, { ...environment, folder, place });
        const { beginMs: _, ...rest } = environment;
        const demo = new Demo({
          environment: {
            ...rest,
            ...files,
            dataDir: folder,
            seed: building.seed ?? environment.seed + place,
            controlPort: building.controlPort,
            ...beginOf(building, environment),
          },
          clock,
          logger,
          buildings: () => this.links(),
        });
        this.#running.push({ id: building.id, demo, ...files });
        await demo.start();
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** What fails does not keep the rest from stopping. */
  async stop(): Promise<void> {
    const results = await Promise.allSettled(this.#running.map(({ demo }) => demo.stop()));
    this.#running = [];
    for (const result of results)
      if (result.status === 'rejected')
        this.#options.logger.error({ error: errorMessage(result.reason) }, 'not stopped cleanly');
  }

  /** Throws RATE_INVALID. */
  setRate(rate: number): void {
    for (const { demo } of this.#running) demo.setRate(rate);
  }

  /** Control interfaces, for the page. */
  links(): { id: string; name: LocalText; url: string }[] {
    return this.#running.map(({ id, demo }) => ({ id, name: demo.name, url: `http://127.0.0.1:${demo.controlPort}/` }));
  }

  /** Files of each, and the ports that it listens on by connection. */
  where(): { id: string; siteFile: string; gatewayFile: string; ports: Record<string, number> }[] {
    return this.#running.map(({ id, siteFile, gatewayFile, demo }) => ({
      id,
      siteFile,
      gatewayFile,
      ports: demo.ports(),
    }));
  }
}

function beginOf({ begin }: ListedBuilding, { beginMs }: SimulatorEnvironment): { beginMs?: number } {
  if (begin !== undefined) return { beginMs: Date.parse(begin) };
  return beginMs === undefined ? {} : { beginMs };
}
