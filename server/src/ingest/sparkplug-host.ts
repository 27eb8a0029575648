import {
  errorMessage,
  nodeMetrics,
  PlantroomError,
  parseSparkplugTopic,
  type SparkplugTopic,
  sparkplugNamespace,
  sparkplugTopic,
  type UnmappedMetric,
} from '@plantroom/contracts';
import { HostConnection } from './host-connection.ts';
import type { IngestStats, StoredLane } from './ingest.ts';
import type { GatewayIngest, PointCommand, SparkplugHost, SparkplugHostOptions } from './ingest-options.ts';
import { NodeSession } from './node-session.ts';
import { PointClaims } from './point-claims.ts';
import { readOutcome } from './read-outcome.ts';
import { RebirthThrottle } from './rebirth-throttle.ts';
import { Receipts } from './receipts.ts';
import { slugOf, withHash } from './slug.ts';
import {
  decodePayload,
  encodeCommand,
  encodeDeviceCommand,
  encodePosition,
  type WirePayload,
} from './sparkplug-codec.ts';

/** A restart of the server is no outage of a gateway: that long after our STATE it may take to come back. */
const returnMs = 30_000;
/** When half of it has passed, those still missing are asked. */
const askMs = 10_000;
const tickMs = 1_000;
/** Delays only what comes behind a gap. */
const defaultReorderMs = 1_000;
/** A topic that sends rubbish is told of once in this time; every message is counted. */
const tellMs = 60_000;
const maxToldTopics = 1_000;

interface Node {
  group: string;
  node: string;
  session: NodeSession;
  throttle: RebirthThrottle;
  receipts: Receipts;
  rebirthsRequested: number;
  /** By its id only: nothing has come from it. The name in topics may be another. */
  isAssumed: boolean;
}

export function createSparkplugHost(options: SparkplugHostOptions): SparkplugHost {
  return new Host(options);
}

/** Sparkplug B 3.0 host application: hears all edge nodes of a broker and tells the sink what they say. */
class Host implements SparkplugHost {
  readonly #options: SparkplugHostOptions;
  readonly #connection: HostConnection;
  readonly #nodes = new Map<string, Node>();
  readonly #claims = new PointClaims();
  readonly #toldMs = new Map<string, number>();
  readonly #cancels = new Set<() => void>();
  #awaiting: (() => void)[] = [];
  readonly publish: SparkplugHost['publish'] = (...message) => this.#connection.publish(...message);
  #messages = 0;
  #malformed = 0;

  constructor(options: SparkplugHostOptions) {
    this.#options = options;
    this.#connection = new HostConnection({
      ...options,
      onMessage: (topic, payload, retained) => this.#message(topic, payload, retained),
      onOnline: () => this.#awaitNodes(),
      onLost: () => {
        this.#endAwaiting();
        for (const { session } of this.#nodes.values()) session.forget();
        options.onLost?.();
      },
    });
  }

  start(): Promise<void> {
    this.#connection.start();
    this.#tick();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    await this.#connection.stop();
    for (const { session } of this.#nodes.values()) session.forget();
  }

  stats(): IngestStats {
    const stats: IngestStats = {
      connected: this.#connection.online,
      messages: this.#messages,
      malformed: this.#malformed,
      readings: 0,
      duplicates: 0,
      sequenceGaps: 0,
      rebirthsRequested: 0,
      replaysRequested: 0,
      unmapped: 0,
    };
    for (const gateway of this.gateways()) {
      const { readings, duplicates, sequenceGaps, rebirthsRequested, replaysRequested, unmapped } = gateway;
      stats.unmapped += unmapped;
      stats.readings += readings;
      stats.duplicates += duplicates;
      stats.sequenceGaps += sequenceGaps;
      stats.rebirthsRequested += rebirthsRequested;
      stats.replaysRequested += replaysRequested;
    }
    return stats;
  }

  gateways(): GatewayIngest[] {
    return [...this.#nodes.values()].map(({ session, rebirthsRequested }) => ({
      id: session.id,
      online: session.online,
      watermarkMs: session.watermarkMs,
      pointCount: session.pointCount,
      ...session.counts,
      rebirthsRequested,
      unmapped: session.unmapped.count,
    }));
  }

  unmapped(): UnmappedMetric[] {
    return [...this.#nodes.values()].flatMap(({ group, node, session }) =>
      session.unmapped.list().map((metric) => ({ gateway: session.id, group, node, ...metric })),
    );
  }

  command(gateway: string, { id, point, value }: PointCommand): 'gateway-offline' | 'device-offline' | null {
    const found = [...this.#nodes.values()].find(({ session }) => session.id === gateway);
    if (found === undefined || !this.#connection.online || !found.session.takesCommands) return 'gateway-offline';
    const output = found.session.output(point);
    if (output === undefined) return 'device-offline';
    const { group, node } = found;
    const topic = sparkplugTopic({ group, type: 'DCMD', node, device: output.device });
    const timestampMs = this.#options.clock.nowMs();
    this.#connection.command(topic, encodeDeviceCommand(output, value, { timestampMs, id, point }));
    return null;
  }

  stored(gateway: string, lane: StoredLane, position: number): void {
    const found = [...this.#nodes.values()].find(({ session }) => session.id === gateway);
    if (found?.session.born) found.receipts.stored(lane, position);
  }

  #message(topicText: string, bytes: Buffer, retained: boolean): void {
    let topic: SparkplugTopic;
    let payload: WirePayload;
    // Other hosts' STATE and the broker's own certificates are no messages of edge nodes.
    if (!topicText.startsWith(`${sparkplugNamespace}/`) || topicText.startsWith(`${sparkplugNamespace}/STATE/`)) return;
    try {
      topic = parseSparkplugTopic(topicText);
      if (topic.type === 'NCMD' || topic.type === 'DCMD') return;
      this.#messages++;
      // Sparkplug retains nothing but STATE: this one may be of any age, and its node long gone.
      if (retained) throw new PlantroomError('PAYLOAD_INVALID', 'it is retained; allowed: retain false');
      payload = decodePayload(bytes);
    } catch (error) {
      this.#malformed++;
      this.#tell(topicText, errorMessage(error), 'message cannot be read and is dropped');
      return;
    }
    const node = this.#heardNode(topic.group, topic.node);
    try {
      node.session.handle(topic, payload);
    } catch (error) {
      this.#tell(topicText, errorMessage(error), 'message could not be processed');
    }
    if (topic.type !== 'NBIRTH') return;
    node.throttle.born();
    node.receipts.born();
  }

  /** Hot path. */
  #heardNode(group: string, name: string): Node {
    const held = this.#nodes.get(keyOf(group, name));
    if (held !== undefined && !held.isAssumed) return held;
    // A node that was known by its id has another name in topics than that.
    const id = idOf(group, name);
    for (const [key, { isAssumed, session }] of this.#nodes)
      if (held === undefined && isAssumed && session.id === id) this.#nodes.delete(key);
    const node = this.#node(group, name);
    node.isAssumed = false;
    return node;
  }

  #node(group: string, name: string): Node {
    const key = keyOf(group, name);
    let node = this.#nodes.get(key);
    if (node === undefined) {
      const { clock, logger, sink, reorderMs = defaultReorderMs, map } = this.#options;
      const session: NodeSession = new NodeSession({
        group,
        node: name,
        id: this.#freeId(group, name),
        reorderMs,
        map,
        claim: (point, owner) =>
          this.#claims.claim(point, { owner: `${key}/${owner}`, isThere: () => session.hasDevice(owner) }),
        clock,
        logger,
        sink,
        requestRebirth: (reason) => this.#requestRebirth(key, reason),
        requestReplay: (lane, from) =>
          this.#tellPosition({ group, node: name }, nodeMetrics.replayFrom, { lane, ...from }),
        onOutcome: (text) => this.#outcome(session.id, text),
        onOutbox: (text) => this.#options.onOutbox?.(session.id, text),
        onSafetyLane: (isBehind) => this.#options.onSafetyLane?.(session.id, isBehind),
      });
      node = {
        group,
        node: name,
        session,
        throttle: new RebirthThrottle(clock),
        receipts: new Receipts(clock, (lane, position) =>
          this.#tellPosition({ group, node: name }, nodeMetrics.storedTo, { lane, position }),
        ),
        rebirthsRequested: 0,
        isAssumed: true,
      };
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** Names that differ in what an id cannot hold, as in case, stay two gateways (unique-edge-node-descriptor). */
  #freeId(group: string, name: string): string {
    const id = idOf(group, name);
    if (![...this.#nodes.values()].some(({ session }) => session.id === id)) return id;
    const other = `${slugOf(group)}/${withHash(slugOf(name), keyOf(group, name))}`;
    this.#options.logger.warn(
      { group, node: name, gateway: other },
      `another edge node is "${id}" already; ids should differ in more than case and signs`,
    );
    return other;
  }

  #requestRebirth(key: string, reason: string): void {
    const node = this.#nodes.get(key);
    if (node === undefined || !this.#connection.online || !node.throttle.take()) return;
    node.rebirthsRequested++;
    this.#options.logger.info({ gateway: node.session.id, reason }, 'asking the edge node for its births');
    this.#command(node, nodeMetrics.rebirth);
  }

  #outcome(gateway: string, text: string): void {
    const outcome = readOutcome(text);
    if (outcome !== null) this.#options.onCommandOutcome?.(gateway, outcome);
    else
      this.#options.logger.error(
        { gateway, outcome: text.slice(0, 200) },
        'what a gateway says of a command cannot be read',
      );
  }

  #tellPosition(
    { group, node }: Pick<Node, 'group' | 'node'>,
    metric: string,
    at: { lane: StoredLane; position: number; request?: number },
  ): void {
    if (!this.#connection.online) return;
    const topic = sparkplugTopic({ group, type: 'NCMD', node });
    this.#connection.command(
      topic,
      encodePosition(metric, at, { timestampMs: this.#options.clock.nowMs(), hostId: this.#options.hostId }),
    );
  }

  #command({ group, node }: Node, metric: string): void {
    const topic = sparkplugTopic({ group, type: 'NCMD', node });
    this.#connection.command(topic, encodeCommand(metric, this.#options.clock.nowMs()));
  }

  /** After each connection: whoever was there before has to give birth again. */
  #awaitNodes(): void {
    this.#options.onOnline?.();
    const away = new Set(this.#options.knownGateways);
    for (const { session } of this.#nodes.values()) if (session.online) away.add(session.id);
    for (const id of away) this.#nodeOfId(id);
    const missing = () => [...this.#nodes.entries()].filter(([, { session }]) => away.has(session.id) && !session.born);
    this.#endAwaiting();
    this.#awaiting = [
      this.#after(askMs, () => {
        for (const [key] of missing()) this.#requestRebirth(key, 'not back since the host came online');
      }),
      this.#after(returnMs, () => {
        for (const [, { session }] of missing()) session.goOffline();
      }),
    ];
  }

  #endAwaiting(): void {
    for (const cancel of this.#awaiting) cancel();
    this.#awaiting = [];
  }

  /** A known gateway's id is its topic, if it is one of ours; a foreign one is found by what it has sent. */
  #nodeOfId(id: string): void {
    for (const { session } of this.#nodes.values()) if (session.id === id) return;
    const [group, node] = id.split('/');
    if (group !== undefined && node !== undefined) this.#node(group, node);
  }

  #tick(): void {
    for (const { session, receipts } of this.#nodes.values()) {
      session.tick();
      if (session.born) receipts.tick();
    }
    this.#after(tickMs, () => this.#tick());
  }

  #after(delayMs: number, call: () => void): () => void {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      call();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  #tell(topic: string, reason: string, message: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - (this.#toldMs.get(topic) ?? Number.NEGATIVE_INFINITY) < tellMs) return;
    if (this.#toldMs.size >= maxToldTopics) this.#toldMs.clear();
    this.#toldMs.set(topic, nowMs);
    this.#options.logger.error({ topic }, `${message}: ${topic}: ${reason}`);
  }
}

function keyOf(group: string, name: string): string {
  return `${group}/${name}`;
}

function idOf(group: string, name: string): string {
  return `${slugOf(group)}/${slugOf(name)}`;
}
