import type { Logger } from '@plantroom/contracts';

/** One error per fault until it is mended; every one is counted. */
export class Complaints {
  readonly #logger: Logger;
  readonly #told = new Set<string>();
  #count = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get count(): number {
    return this.#count;
  }

  payload(device: string, topic: string, message: string): void {
    this.#count += 1;
    if (this.isNew(`${device} ${topic}`)) this.#logger.error({ device, topic }, `device ${device}: ${message}`);
  }

  isNew(fault: string): boolean {
    if (this.#told.has(fault)) return false;
    this.#told.add(fault);
    return true;
  }

  mended(fault: string): void {
    if (this.#told.size > 0) this.#told.delete(fault);
  }

  get none(): boolean {
    return this.#told.size === 0;
  }
}
