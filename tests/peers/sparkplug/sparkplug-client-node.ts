import { newClient } from 'sparkplug-client';

type Client = ReturnType<typeof newClient>;
interface Metric {
  name: string;
  type: string;
  value: number | boolean | string | null;
}

/**
 * An edge node of the npm package sparkplug-client (Eclipse Tahu), which departs from Sparkplug 3.0: Will and NCMD at QoS 0, one bdSeq for all
 * connections, no NDEATH before it disconnects, and it knows no primary host.
 */
export class ClientNode {
  readonly #client: Client;
  readonly #device: string;
  #atMs: number;
  #births: Metric[];
  births = 0;
  rebirthsAsked = 0;

  /** Gives birth on each connection and whenever it is asked. `atMs`: of its first values. */
  constructor(url: string, node: { group: string; node: string; device: string; metrics: Metric[]; atMs: number }) {
    this.#device = node.device;
    this.#births = node.metrics;
    this.#atMs = node.atMs;
    this.#client = newClient({
      serverUrl: url,
      username: '',
      password: '',
      groupId: node.group,
      edgeNode: node.node,
      clientId: `${node.group}-${node.node}`,
      mqttOptions: { reconnectPeriod: 20 },
    });
    this.#client.on('birth', () => this.bear());
    this.#client.on('ncmd', (payload) => {
      if (!payload.metrics?.some(({ name }) => name === 'Node Control/Rebirth')) return;
      this.rebirthsAsked += 1;
      this.bear();
    });
    this.#client.on('error', () => undefined);
  }

  bear(): void {
    this.births += 1;
    const timestamp = this.#atMs;
    this.#client.publishNodeBirth({
      timestamp,
      metrics: [{ name: 'Node Control/Rebirth', type: 'Boolean', value: false, timestamp }],
    });
    this.#client.publishDeviceBirth(this.#device, { timestamp, metrics: this.#at(this.#births, timestamp) });
  }

  /** `atMs`: when they were measured. The births that follow hold them too. */
  data(metrics: Metric[], atMs: number): void {
    this.#atMs = atMs;
    this.#births = this.#births.map((born) => metrics.find(({ name }) => name === born.name) ?? born);
    this.#client.publishDeviceData(this.#device, { timestamp: atMs, metrics: this.#at(metrics, atMs) });
  }

  deviceDeath(atMs: number): void {
    this.#client.publishDeviceDeath(this.#device, { timestamp: atMs, metrics: [] });
  }

  /** As a dead line does: the broker says the Will, and the node comes back by itself. */
  cut(): void {
    this.#mqtt.stream.destroy();
  }

  /** Disconnects, without a word about its death. */
  async stop(): Promise<void> {
    const mqtt = this.#mqtt;
    if (mqtt.disconnecting) return;
    const closed = new Promise<void>((resolve) => mqtt.once('close', resolve));
    this.#client.stop();
    await closed;
  }

  /** The package keeps it to itself. */
  get #mqtt(): { stream: { destroy(): void }; disconnecting: boolean; once(event: 'close', call: () => void): void } {
    return (this.#client as never as { client: never }).client;
  }

  #at(metrics: readonly Metric[], timestamp: number) {
    return metrics.map((metric) => ({ ...metric, timestamp }) as never);
  }
}
