import { parseSparkplugTopic, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { openMemoryOutbox } from '../../gateway/src/outbox/memory-outbox.ts';
import type { Outbox } from '../../gateway/src/outbox/outbox.ts';
import { pointTable } from '../../gateway/src/pipeline/point-table.ts';
import { testBinding, testDevice } from '../../gateway/src/test-helpers/devices.ts';
import { SparkplugSession } from '../../gateway/src/uplink/sparkplug/session.ts';
import type { IngestSink } from '../../server/src/ingest/ingest.ts';
import { NodeSession } from '../../server/src/ingest/node-session.ts';
import { decodePayload } from '../../server/src/ingest/sparkplug-codec.ts';

const points = ['flow', 'head', 'speed'];
const table = pointTable('tower', [
  testDevice(
    'drive',
    points.map((point) => testBinding(point)),
  ),
]);
const uplink = 'sparkplug';

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A gateway's session and the server's view of it, joined by a link that loses messages. */
class LossyLink {
  readonly clock = new VirtualClock();
  readonly outbox: Outbox = openMemoryOutbox({ uplinks: [uplink], clock: this.clock, logger: silentLogger });
  /** How often each reading was passed on, by point and time. */
  readonly passed = new Map<string, number>();
  readonly produced: string[] = [];
  /** Values in the order in which they were passed on. */
  readonly values: number[] = [];
  loss = 0;
  /** How likely a poll is while a message is on its way. */
  beside = 0;
  readonly #random: () => number;
  readonly #last = new Map<string, Reading>();
  readonly #node: NodeSession;
  #session: SparkplugSession;
  #bdSeq = 0;
  #count = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
    const nothing = (): void => undefined;
    const sink: IngestSink = {
      gatewayOnline: nothing,
      gatewayOffline: nothing,
      deviceOnline: nothing,
      deviceOffline: nothing,
      degraded: nothing,
      watermark: nothing,
      readings: (_gateway, readings) => {
        for (const { point, wireTimeMs, value } of readings) {
          const key = `${point} ${wireTimeMs}`;
          this.passed.set(key, (this.passed.get(key) ?? 0) + 1);
          this.values.push(Number(value));
        }
      },
      complete: (_gateway, lane, position) => this.#session.command({ kind: 'stored-to', lane, position }),
    };
    this.#node = new NodeSession({
      group: 'tower',
      node: 'edge-1',
      id: 'tower/edge-1',
      reorderMs: 1000,
      claim: () => true,
      clock: this.clock,
      logger: silentLogger,
      sink,
      requestRebirth: () => this.#session.command({ kind: 'rebirth' }),
      requestReplay: (lane, from) => this.#session.command({ kind: 'replay-from', lane, ...from }),
    });
    this.#session = this.#begin();
  }

  /** One reading of each point for each of so many polls, in appends of fifty polls. */
  produce(polls: number): void {
    for (let left = polls; left > 0; left -= 50) {
      const readings = Array.from({ length: Math.min(50, left) }, () => {
        const wireTimeMs = this.clock.nowMs() + this.#count;
        this.#count++;
        return points.map(
          (point): Reading => ({ point: `tower/pump-1/${point}`, value: this.#count, quality: 'good', wireTimeMs }),
        );
      }).flat();
      for (const reading of readings) {
        this.produced.push(`${reading.point} ${reading.wireTimeMs}`);
        this.#last.set(reading.point, reading);
      }
      this.outbox.append('live', readings);
    }
  }

  get lastValue(): number {
    return this.#count;
  }

  async pump(): Promise<void> {
    await this.#session.pump({ progress: true });
    this.clock.advance(1100);
    this.#node.tick();
  }

  /** Another life of the gateway, or of its connection: what was not confirmed is sent again. */
  restart(): void {
    this.#session.stop();
    this.#session = this.#begin();
  }

  #begin(): SparkplugSession {
    return new SparkplugSession(
      {
        uplink,
        group: 'tower',
        node: 'edge-1',
        bdSeq: this.#bdSeq++,
        table,
        outbox: this.outbox,
        clock: this.clock,
        pipeline: {
          watermarkMs: () => this.clock.nowMs(),
          last: (index) => this.#last.get(table.points[index]?.id ?? ''),
          deviceState: () => 'online',
        },
        publish: (topic, payload) => {
          if (this.#random() < this.beside) this.produce(1);
          const parsed = parseSparkplugTopic(topic);
          if (this.#random() >= this.loss && parsed !== undefined) this.#node.handle(parsed, decodePayload(payload));
          return Promise.resolve();
        },
        onSent: () => undefined,
      },
      { hostConfirms: true, outcomes: [] },
    );
  }

  get isStored(): boolean {
    return this.outbox.committed(uplink, 'live') === this.outbox.position('live');
  }
}

describe('gateway and server over a link that loses messages', () => {
  test.each(Array.from({ length: 8 }, (_, i) => i + 1))(
    'outages, restarts and losses cost no reading (seed %i)',
    async (seed) => {
      const link = new LossyLink(seed);
      const random = randomOf(seed * 7919);
      for (let step = 0; step < 40; step++) {
        link.loss = random() < 0.5 ? 0 : 0.15;
        link.beside = random() < 0.5 ? 0 : 0.3;
        const what = random();
        // More than a slice: a backlog that drains beside live data.
        if (what < 0.15) link.produce(3500 + Math.floor(random() * 5000));
        if (what < 0.25) link.restart();
        link.produce(1 + Math.floor(random() * 100));
        await link.pump();
      }
      link.loss = 0;
      for (let step = 0; step < 60 && !link.isStored; step++) await link.pump();
      expect(link.isStored).toBe(true);
      expect(link.produced.filter((key) => !link.passed.has(key))).toEqual([]);
    },
  );

  test('after an outage live data is there before the backlog is, and each reading once', async () => {
    const link = new LossyLink(1);
    link.produce(1);
    await link.pump();
    link.produce(20_000);
    const backlog = link.lastValue;
    link.restart();
    const pumping = link.pump();
    link.produce(10);
    await pumping;
    for (let step = 0; step < 10 && !link.isStored; step++) await link.pump();
    expect(link.isStored).toBe(true);
    expect(link.values.indexOf(backlog + 1)).toBeLessThan(link.values.indexOf(backlog - 10));
    expect([...link.passed.values()].every((times) => times === 1)).toBe(true);
    expect(link.passed.size).toBe(link.produced.length);
  });
});
