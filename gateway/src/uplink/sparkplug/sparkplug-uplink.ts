import {
  type Clock,
  type CommandOutcome,
  defaultHostId,
  errorMessage,
  type Logger,
  sparkplugStateTopic,
  sparkplugTopic,
} from '@plantroom/contracts';
import { connect, type MqttClient } from 'mqtt';
import type { CommandDesk } from '../../commands/command-desk.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { PointTable } from '../../pipeline/point-table.ts';
import { backoffMs } from '../backoff.ts';
import { every } from '../every.ts';
import { newUplinkStats, type Uplink, type UplinkStats } from '../uplink.ts';
import { Waker } from '../waker.ts';
import type { BdSeqStore } from './bd-seq-store.ts';
import { clientOptions } from './client-options.ts';
import { parseDeviceCommands } from './device-commands.ts';
import { PointHistory } from './former-points.ts';
import { type HostState, nextHostState, parseHostState } from './host-state.ts';
import { bdSeqMetric } from './metrics.ts';
import { type NodeCommand, parseNodeCommands } from './node-commands.ts';
import { encodePayload } from './payload.ts';
import { Sessions } from './sessions.ts';

export const sparkplugUplinkName = 'sparkplug';

/** Watermark, positions and counts go out at least this often, data or none. */
const progressMs = 1000;
/** Outcomes of commands that end while the host is away. */
const maxUntold = 100;
/** A farewell is not worth more waiting. */
const farewellMs = 1000;

export interface SparkplugUplinkOptions {
  site: string;
  gateway: string;
  url: string;
  username?: string;
  password?: string;
  /** Births wait until this host is online; null: for nobody. Left out: `plantroom`. */
  primaryHost?: string | null;
  bdSeq: BdSeqStore;
  table: PointTable;
  pipeline: Pick<Pipeline, 'watermarkMs' | 'last' | 'deviceState'>;
  outbox: Outbox;
  /** Where DCMD goes. Left out: nothing can be written, and no DCMD is subscribed to. */
  commands?: CommandDesk | undefined;
  clock: Clock;
  logger: Logger;
}

/** Sparkplug B 3.0 edge node: a connection with its will, the primary host's state, and a session while that host is there. */
export class SparkplugUplink implements Uplink {
  readonly name = sparkplugUplinkName;
  readonly #o: SparkplugUplinkOptions;
  readonly #history: PointHistory;
  readonly #waker: Waker;
  readonly #stats = newUplinkStats();
  #running: Promise<void> | undefined;
  #stopping = false;
  /** Its NDEATH is on its way: nothing may come behind it. */
  #leaving = false;
  #failuresInARow = 0;
  #host: HostState | undefined;
  #hostConfirms: boolean | undefined;
  /** Came while no host was there, or could not be told before the connection broke. */
  readonly #untold: CommandOutcome[] = [];
  #end: ((why: Error | null) => void) | undefined;
  /** Tells the connection that the history has another table. */
  #changed: (() => void) | undefined;
  /** To the session; undefined while there is no connection. */
  #tell: ((outcome: CommandOutcome) => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: SparkplugUplinkOptions) {
    this.#o = options;
    this.#history = new PointHistory(options.table);
    this.#waker = new Waker(options.clock);
  }

  start(): Promise<void> {
    this.#stopping = false;
    this.#stopListening = this.#o.commands?.onOutcome((outcome) => {
      if (this.#tell === undefined) this.#keep(outcome);
      else this.#tell(outcome);
    });
    this.#running = this.#run();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#waker.wake();
    this.#end?.(null);
    await this.#running;
    this.#stopListening?.();
  }

  stats(): UplinkStats {
    return { ...this.#stats };
  }

  change(table: PointTable): void {
    const { outbox } = this.#o;
    this.#history.change(table, { safety: outbox.position('safety'), live: outbox.position('live') });
    this.#changed?.();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#connection();
        this.#failuresInARow = 0;
      } catch (error) {
        this.#failed(error);
      }
      this.#stats.connected = false;
      if (!this.#stopping) await this.#waker.wait(backoffMs(this.#failuresInARow));
    }
  }

  /** One MQTT connection from CONNECT to its end. Returns after a farewell, throws when it was cut or refused. */
  async #connection(): Promise<void> {
    const { site: group, gateway: node, clock } = this.#o;
    const bdSeq = this.#o.bdSeq.next();
    this.#leaving = false;
    const death = (): Uint8Array => {
      const nowMs = clock.nowMs();
      return encodePayload({ timestamp: nowMs, metrics: [bdSeqMetric(bdSeq, nowMs)] });
    };
    const deathTopic = sparkplugTopic({ group, type: 'NDEATH', node });
    const client = connect(this.#o.url, clientOptions(this.#o, { topic: deathTopic, payload: death() }));
    let session: Sessions | undefined;
    const stopTimers: (() => void)[] = [];
    try {
      const why = await new Promise<Error | null>((resolve, reject) => {
        this.#end = resolve;
        if (this.#stopping) resolve(null);
        const pump = (options: { progress: boolean }): void => {
          session?.pump(options).catch(reject);
        };
        client.on('error', reject);
        client.on('close', () => reject(new Error('the connection was closed')));
        client.on('connect', () => {
          const ready = (): void => {
            if (this.#primaryHost !== null) return;
            session = this.#begin(client, bdSeq);
            pump({ progress: false });
          };
          this.#subscribe(client).then(ready).catch(reject);
        });
        client.on('message', (topic, payload, { retain }) => {
          if (this.#stateTopics().includes(topic)) {
            session = this.#hostSaid(payload, session, { client, bdSeq, end: resolve });
            pump({ progress: false });
          } else if (topic.startsWith(this.#deviceCommandTopic(''))) {
            this.#deviceCommand(topic, payload, { retained: retain, born: session !== undefined });
          } else if (session !== undefined) {
            const commands = this.#command(session, payload);
            // Only a replay is told of at once: the host vouches for nothing until it is.
            pump({ progress: commands.some(({ kind }) => kind === 'replay-from') });
          }
        });
        stopTimers.push(this.#o.outbox.onAppend(() => pump({ progress: false })));
        this.#tell = (outcome) => {
          if (session === undefined) this.#keep(outcome);
          else session.outcome(outcome);
          pump({ progress: false });
        };
        this.#changed = () => {
          session?.change();
          pump({ progress: true });
          // The first writable point may have come.
          if (client.connected) this.#listen(client, this.#commandTopics()).catch(reject);
        };
        stopTimers.push(every(clock, progressMs, () => pump({ progress: true })));
      });
      this.#leaving = true;
      if (why !== null) this.#o.logger.info({ reason: why.message }, 'Sparkplug data stops');
      if (client.connected)
        await this.#farewell(client, { topic: deathTopic, payload: death(), born: session !== undefined });
    } finally {
      this.#end = undefined;
      this.#changed = undefined;
      this.#tell = undefined;
      for (const outcome of session?.untold() ?? []) this.#keep(outcome);
      for (const stop of stopTimers) stop();
      if (session !== undefined) this.#hostConfirms = session.hostConfirms;
      client.removeAllListeners();
      // A late error of a connection that nobody listens to any more would end the process.
      client.on('error', () => undefined);
      client.end(true);
    }
  }

  get #primaryHost(): string | null {
    return this.#o.primaryHost === undefined ? defaultHostId : this.#o.primaryHost;
  }

  /** None when nobody is waited for. */
  #stateTopics(): string[] {
    return this.#primaryHost === null ? [] : [sparkplugStateTopic(this.#primaryHost)];
  }

  #deviceCommandTopic(device: string): string {
    const { site: group, gateway: node } = this.#o;
    return sparkplugTopic({ group, type: 'DCMD', node, device });
  }

  async #subscribe(client: MqttClient): Promise<void> {
    const { site: group, gateway: node } = this.#o;
    const topics = [sparkplugTopic({ group, type: 'NCMD', node }), ...this.#stateTopics(), ...this.#commandTopics()];
    await this.#listen(client, topics);
    this.#stats.connected = true;
    this.#stats.lastError = null;
    this.#o.logger.info({ url: this.#o.url, host: this.#primaryHost }, 'connected to the broker');
  }

  /** Only where an output is writable (message-flow-device-dcmd-subscribe). */
  #commandTopics(): string[] {
    return this.#o.commands?.anyWritable === true ? [this.#deviceCommandTopic('+')] : [];
  }

  async #listen(client: MqttClient, topics: string[]): Promise<void> {
    if (topics.length === 0) return;
    const grants = await client.subscribeAsync(topics, { qos: 1 });
    const refused = grants.find(({ qos }) => qos >= 128);
    if (refused !== undefined) throw new Error(`the broker refuses the subscription to "${refused.topic}"`);
  }

  /** Answers the session to go on with: none while the host is away. */
  #hostSaid(
    payload: Uint8Array,
    session: Sessions | undefined,
    { client, bdSeq, end }: { client: MqttClient; bdSeq: number; end: (why: Error) => void },
  ): Sessions | undefined {
    const seen = parseHostState(payload);
    if (seen === undefined) {
      this.#o.logger.warn({ payload: Buffer.from(payload.subarray(0, 100)).toString() }, 'STATE is not Sparkplug 3.0');
      return session;
    }
    const host = nextHostState(this.#host, seen);
    if (host !== seen) return session;
    // Each of its connections has a time of its own.
    if (host.online && host.timestamp !== this.#host?.timestamp) session?.hostIsAnother();
    this.#host = host;
    if (!host.online && session !== undefined) end(new Error('the primary host is offline'));
    if (!host.online || session !== undefined) return session;
    return this.#begin(client, bdSeq);
  }

  #begin(client: MqttClient, bdSeq: number): Sessions {
    this.#failuresInARow = 0;
    const { site: group, gateway: node, pipeline, outbox, commands, clock } = this.#o;
    return new Sessions(
      {
        uplink: this.name,
        group,
        node,
        bdSeq,
        history: this.#history,
        pipeline,
        outbox,
        commands,
        clock,
        publish: async (topic, bytes) => {
          if (this.#leaving) throw new Error('the node has said that it goes');
          // A view of bytes that are a Buffer already takes longer than to see that they are.
          const payload = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
          await client.publishAsync(topic, payload, { qos: 0 });
        },
        onSent: (readings) => {
          this.#stats.sentReadings += readings;
        },
      },
      { hostConfirms: this.#hostConfirms, outcomes: this.#untold.splice(0) },
    );
  }

  #keep(outcome: CommandOutcome): void {
    this.#untold.push(outcome);
    if (this.#untold.length > maxUntold) this.#untold.shift();
  }

  #command(session: Sessions, payload: Uint8Array): NodeCommand[] {
    try {
      const commands = parseNodeCommands(payload, this.#primaryHost);
      for (const command of commands) session.command(command);
      return commands;
    } catch (error) {
      this.#o.logger.warn({ error: errorMessage(error) }, 'a node command cannot be read');
      return [];
    }
  }

  /** Before our birth nobody can know our metrics, so what comes then was meant for an earlier life. */
  #deviceCommand(topic: string, payload: Uint8Array, { retained, born }: { retained: boolean; born: boolean }): void {
    const device = topic.slice(this.#deviceCommandTopic('').length);
    try {
      if (!born) throw new Error('the node is not born');
      for (const command of parseDeviceCommands(payload, { device, retained })) this.#o.commands?.take(command);
    } catch (error) {
      this.#o.logger.warn({ device, error: errorMessage(error) }, 'a device command is not obeyed');
    }
  }

  /** Leaving on purpose: NDEATH first, because DISCONNECT takes the will away (edge-node-intentional-disconnect-ndeath). */
  async #farewell(
    client: MqttClient,
    { topic, payload, born }: { topic: string; payload: Uint8Array; born: boolean },
  ): Promise<void> {
    let cancel = (): void => undefined;
    const tired = new Promise<void>((resolve) => {
      cancel = this.#o.clock.after(farewellMs, resolve);
    });
    const leave = async (): Promise<void> => {
      if (born) await client.publishAsync(topic, Buffer.from(payload), { qos: 1 });
      await client.endAsync();
    };
    await Promise.race([leave().catch(() => undefined), tired]);
    cancel();
  }

  #failed(error: unknown): void {
    const message = errorMessage(error);
    if (this.#stats.lastError !== message)
      this.#o.logger.warn({ url: this.#o.url, error: message }, 'no Sparkplug connection; readings stay in the outbox');
    this.#stats.lastError = message;
    this.#stats.failures++;
    this.#failuresInARow++;
  }
}
