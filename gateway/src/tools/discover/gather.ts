import { shown } from '../../drivers/mqtt/payload.ts';
import type { Finding, Message, RecogniserOptions } from './message.ts';
import { recognisers } from './recognisers/registry.ts';

/** A device that reports what changed spreads its values over several messages of one topic. */
const keptPerTopic = 16;
/** No site has more; a broker of somebody else's might. */
const mostTopics = 50_000;
const mostFaults = 100;

/** What the messages of one topic tell. */
export interface Heard {
  topic: string;
  findings: readonly Finding[];
  /** Payloads with values, the latest last. */
  payloads: unknown[];
  /** Some message was not a retained one. */
  live: boolean;
}

/** Recognises every message and keeps what it tells: by topic, so that a later announcement replaces an earlier one. Pure but for its memory. */
export class Gathering {
  readonly #options: RecogniserOptions;
  readonly #heard = new Map<string, Heard>();
  readonly #faults = new Map<string, string>();
  #messages = 0;
  #foreign = 0;
  #unkept = 0;

  constructor(options: RecogniserOptions) {
    this.#options = options;
  }

  /** Findings that no earlier message brought; for progress. */
  add(message: Message): readonly Finding[] {
    this.#messages += 1;
    const { topic } = message;
    for (const recogniser of recognisers) {
      const recognised = recogniser.read(message, this.#options);
      if (recognised === undefined) continue;
      if ('fault' in recognised) {
        this.fault(topic, `${recognised.fault}: ${shown(message.payload)}`);
        return [];
      }
      return this.#keep(message, recognised.findings);
    }
    this.#foreign += 1;
    return [];
  }

  /** A message that cannot be read is named once for its topic. */
  fault(topic: string, why: string): void {
    if (this.#faults.size < mostFaults || this.#faults.has(topic)) this.#faults.set(topic, why);
    else this.#unkept += 1;
  }

  get heard(): readonly Heard[] {
    return [...this.#heard.values()];
  }

  /** Topic → why it was skipped. */
  get faults(): ReadonlyMap<string, string> {
    return this.#faults;
  }

  /** `unkept`: faults and topics beyond the bounds. */
  stats(): { messages: number; foreign: number; unkept: number } {
    return { messages: this.#messages, foreign: this.#foreign, unkept: this.#unkept };
  }

  #keep({ topic, payload, retained }: Message, findings: readonly Finding[]): readonly Finding[] {
    const before = this.#heard.get(topic);
    if (findings.length === 0) {
      this.#heard.delete(topic);
      return [];
    }
    if (before === undefined && this.#heard.size >= mostTopics) {
      this.#unkept += 1;
      return [];
    }
    const payloads = before?.payloads ?? [];
    if (findings.some(({ telling }) => telling === true)) {
      payloads.push(payload);
      if (payloads.length > keptPerTopic) payloads.shift();
    }
    this.#heard.set(topic, { topic, findings, payloads, live: before?.live === true || !retained });
    const known = new Set(before?.findings.map(({ key }) => key));
    return findings.filter(({ key }) => !known.has(key));
  }
}
