import { connectAsync, type MqttClient } from 'mqtt';
import { get, type UMetric } from './sparkplug-b.ts';

const sparkplug = get();

/** An edge node by the letter of Sparkplug 3.0 (chapter 5), with the package's own encoder and nothing of ours. */
export class EdgeNode {
  readonly commands: string[] = [];
  /** `Stored To` and `Replay From`, as `<name> <lane> <position>`, and the number of the request. */
  readonly positions: { text: string; request: number | undefined }[] = [];
  /** Metrics of DCMD messages. */
  readonly deviceCommands: { device: string; metric: UMetric }[] = [];
  /** STATE messages seen: the text of each. */
  readonly states: string[] = [];
  readonly #topic: (type: string, device?: string) => string;
  readonly #stateTopic: string;
  readonly #commandTopic: string;
  readonly #url: string;
  #client: MqttClient | null = null;
  #seq = 0;
  #bdSeq = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(url: string, names: { group: string; node: string; hostId: string }) {
    const { group, node, hostId } = names;
    this.#url = url;
    this.#topic = (type, device) => `spBv1.0/${group}/${type}/${node}${device === undefined ? '' : `/${device}`}`;
    this.#commandTopic = this.#topic('NCMD');
    this.#stateTopic = `spBv1.0/STATE/${hostId}`;
  }

  get bdSeq(): number {
    return this.#bdSeq;
  }

  async connect(bdSeq = 0): Promise<void> {
    this.#bdSeq = bdSeq;
    this.#client = await connectAsync(this.#url, {
      clean: true,
      reconnectPeriod: 0,
      will: { topic: this.#topic('NDEATH'), payload: Buffer.from(this.deathPayload(bdSeq)), qos: 1, retain: false },
    });
    this.#client.on('message', (topic, payload) => {
      const device = topic.startsWith(this.#topic('DCMD', '')) ? topic.slice(this.#topic('DCMD', '').length) : null;
      if (topic === this.#stateTopic) this.states.push(payload.toString());
      else if (device !== null)
        for (const metric of sparkplug.decodePayload(payload).metrics ?? [])
          this.deviceCommands.push({ device, metric });
      else for (const metric of sparkplug.decodePayload(payload).metrics ?? []) this.#commanded(metric);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    await this.#client.subscribeAsync([this.#commandTopic, this.#topic('DCMD', '+'), this.#stateTopic], { qos: 1 });
  }

  #commanded({ name: named, value, properties }: UMetric): void {
    const name = named ?? '?';
    this.commands.push(name);
    if (properties?.lane === undefined) return;
    const request = properties.request === undefined ? undefined : Number(properties.request.value);
    this.positions.push({
      text: `${name.slice('Node Control/'.length)} ${properties.lane.value} ${Number(value)}`,
      request,
    });
  }

  /** Resolves when `done` holds; looked at after each message. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  deathPayload(bdSeq: number): Uint8Array {
    return sparkplug.encodePayload({
      timestamp: Date.now(),
      metrics: [{ name: 'bdSeq', type: 'Int64', value: bdSeq }],
    });
  }

  async nodeBirth(metrics: UMetric[] = [], timestamp = Date.now()): Promise<void> {
    this.#seq = 0;
    await this.publish(
      'NBIRTH',
      undefined,
      [
        { name: 'bdSeq', type: 'Int64', value: this.#bdSeq, timestamp },
        { name: 'Node Control/Rebirth', type: 'Boolean', value: false, timestamp },
        ...metrics,
      ],
      timestamp,
    );
  }

  /** Takes the next number, so that a test can lose or reorder what it does not send. */
  nextSeq(): number {
    const seq = this.#seq;
    this.#seq = (this.#seq + 1) % 256;
    return seq;
  }

  async publish(type: string, device: string | undefined, metrics: UMetric[], timestamp = Date.now()): Promise<void> {
    await this.publishWithSeq(this.nextSeq(), { type, device, metrics, timestamp });
  }

  async publishWithSeq(
    seq: number,
    message: { type: string; device: string | undefined; metrics: UMetric[]; timestamp?: number },
  ): Promise<void> {
    const { type, device, metrics, timestamp = Date.now() } = message;
    await this.raw(this.#topic(type, device), sparkplug.encodePayload({ timestamp, seq, metrics }));
  }

  async raw(topic: string, payload: Uint8Array): Promise<void> {
    await this.#client?.publishAsync(topic, Buffer.from(payload), { qos: 0 });
  }

  async nodeDeath(bdSeq = this.#bdSeq): Promise<void> {
    await this.raw(this.#topic('NDEATH'), this.deathPayload(bdSeq));
  }

  /** Drops the connection without DISCONNECT: the broker publishes the Will. */
  cut(): void {
    this.#client?.stream.destroy();
  }

  async stop(): Promise<void> {
    await this.#client?.endAsync(true);
  }
}
