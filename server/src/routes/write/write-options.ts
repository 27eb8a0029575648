import type { Logger } from '@plantroom/contracts';
import type { Historian } from '../../historian/historian.ts';

/** Options of the plugin that serves `POST /api/v2/write`. */
export interface WriteRouteOptions {
  historian: Historian;
  /** The bare token, whichever of `Bearer` and `Token` came before it. */
  verifyToken: (token: string) => boolean | Promise<boolean>;
  logger: Logger;
  /** Server time for lines without a timestamp, UTC ms. */
  nowMs: () => number;
  /** Largest body, before and after decompression; left out: 25 MB (InfluxDB's own limit). Over it: 413. */
  maxBodyBytes?: number;
  /** Most bytes of bodies that are received or worked on at once; left out: eight of the largest. Over it: 429. */
  maxBytesInFlight?: number;
}
