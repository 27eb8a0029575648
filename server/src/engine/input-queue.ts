import type { EngineInput } from './engine-input.ts';

export interface InputQueueStats {
  waiting: number;
  waitingReadings: number;
  /** Readings not run through the rules one by one because the queue was full; their points were evaluated at their newest value. */
  condensed: number;
}

export interface InputQueueOptions {
  /** Readings waiting at most, life safety not counted. */
  maxReadings: number;
  /** Readings of these points are never condensed. */
  isLifeSafety: (point: string) => boolean;
  /** Told once, when it first overflows. */
  onOverflow: (stats: InputQueueStats) => void;
}

/** In order, bounded: over the bound readings give way to "look at the newest value of these points". */
export class InputQueue {
  readonly #options: InputQueueOptions;
  readonly #inputs: EngineInput[] = [];
  #head = 0;
  #readings = 0;
  #condensed = 0;
  readonly #dirty = new Set<string>();

  constructor(options: InputQueueOptions) {
    this.#options = options;
  }

  push(input: EngineInput): void {
    const isReadings = input.type === 'readings' || input.type === 'late';
    if (isReadings && this.#readings + input.readings.length > this.#options.maxReadings) this.#condense(input);
    else this.#add(input);
  }

  /** The oldest input; what was condensed comes last, when nothing else waits. */
  shift(): EngineInput | undefined {
    const input = this.#inputs[this.#head];
    if (input === undefined) return this.#takeDirty();
    this.#head++;
    if (this.#head === this.#inputs.length) {
      this.#inputs.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1024) {
      this.#inputs.splice(0, this.#head);
      this.#head = 0;
    }
    if (input.type === 'readings' || input.type === 'late') this.#readings -= input.readings.length;
    return input;
  }

  get empty(): boolean {
    return this.#head === this.#inputs.length && this.#dirty.size === 0;
  }

  stats(): InputQueueStats {
    return {
      waiting: this.#inputs.length - this.#head,
      waitingReadings: this.#readings,
      condensed: this.#condensed,
    };
  }

  #add(input: EngineInput): void {
    if (input.type === 'readings' || input.type === 'late') this.#readings += input.readings.length;
    this.#inputs.push(input);
  }

  #condense(input: EngineInput & { type: 'readings' | 'late' }): void {
    const { isLifeSafety, onOverflow } = this.#options;
    const first = this.#condensed === 0;
    const safety = input.readings.filter((reading) => isLifeSafety(reading.point));
    // What late data tells of the past cannot be taken anew from the newest value.
    if (input.type === 'readings')
      for (const { point } of input.readings) if (!isLifeSafety(point)) this.#dirty.add(point);
    this.#condensed += input.readings.length - safety.length;
    if (safety.length > 0) this.#add({ ...input, readings: safety });
    if (first) onOverflow(this.stats());
  }

  #takeDirty(): EngineInput | undefined {
    if (this.#dirty.size === 0) return undefined;
    const points = [...this.#dirty];
    this.#dirty.clear();
    return { type: 'refresh', points };
  }
}
