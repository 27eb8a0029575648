import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayProgram } from '../../../scripts/stack/processes.ts';
import { type BenchBroker, startBroker } from './broker.ts';
import { type Child, startProgram, stopProcess } from './child.ts';
import type { GatewayFiles } from './gateway-files.ts';

export interface BenchOptions {
  /** Length of the measured window, s. */
  seconds: number;
  /** Of what passes in virtual time. */
  hours: number;
  /** Folder for a CPU profile of the gateway; undefined: none. */
  profileDir: string | undefined;
  /** Samples in the store of the history benches; undefined: what their limits are meant for. */
  points?: number | undefined;
}

export interface SinkCounts {
  /** Telemetry values in line protocol. */
  fields: number;
  requests: number;
  requestBytes: number;
  /** Values in DDATA. */
  metrics: number;
  messages: number;
  messageBytes: number;
  births: number;
  /** UTC ms at which the last of each came. */
  lastFieldMs: number;
  lastMetricMs: number;
}

/** Folder, broker and receivers of one run, and the gateway once it is started; `close` ends all of it. */
export class BenchBed {
  readonly folder = mkdtempSync(join(tmpdir(), 'plantroom-bench-'));
  readonly broker: BenchBroker;
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(broker: BenchBroker) {
    this.broker = broker;
    this.#ends.push(broker.stop);
  }

  static async open(settings: readonly string[] = []): Promise<BenchBed> {
    const logs = mkdtempSync(join(tmpdir(), 'plantroom-bench-broker-'));
    const bed = new BenchBed(await startBroker(logs, settings));
    bed.atEnd(() => {
      rmSync(logs, { recursive: true, force: true });
      return Promise.resolve();
    });
    return bed;
  }

  atEnd(call: () => Promise<void>): void {
    this.#ends.push(call);
  }

  add(child: Child): Child {
    this.atEnd(() => child.stop());
    return child;
  }

  async startGateway(files: GatewayFiles, { profileDir }: BenchOptions): Promise<ChildProcess & { pid: number }> {
    const gateway = await startProgram(gatewayProgram.module, ['--config', files.config], {
      env: { PLANTROOM_DATA_DIR: join(files.folder, 'data') },
      execArgv: [
        ...gatewayProgram.nodeOptions,
        ...(profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]),
      ],
      logFile: join(files.folder, 'gateway.log'),
    });
    this.atEnd(() => stopProcess(gateway));
    return gateway as ChildProcess & { pid: number };
  }

  /** What was started last ends first. */
  async close(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A process that was held up for less than this is not taken for one that has finished. */
const stillMs = 5000;

/** Asks again until the answer stands still; at most `withinMs`. */
export async function untilStill(ask: () => Promise<number>, withinMs: number): Promise<number> {
  const endMs = performance.now() + withinMs;
  let last = await ask();
  let stillSinceMs = performance.now();
  while (performance.now() < endMs && performance.now() - stillSinceMs < stillMs) {
    await pause(200);
    const now = await ask();
    if (now !== last) stillSinceMs = performance.now();
    last = now;
  }
  return last;
}
