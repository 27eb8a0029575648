import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { readEnvironment } from '../../environment.ts';
import { Demo } from '../demo.ts';

/** A Tuesday, 09:00 in Shanghai. */
export const tuesdayMs = Date.UTC(2026, 2, 3, 1);

const listeners = ['METERS', 'INCOMER', 'PUMPROOM', 'FIRE', 'AHU1', 'AHU2', 'ELEVATORS', 'HVAC'];

export function newDataDir(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'plantroom-sim-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment of a demo on free ports whose broker is away: nobody listens at port 1. */
export function demoVariables(dataDir: string): Record<string, string> {
  return {
    PLANTROOM_SIM_PORT: '0',
    ...Object.fromEntries(listeners.map((name) => [`PLANTROOM_SIM_${name}_PORT`, '0'])),
    PLANTROOM_DATA_DIR: dataDir,
    PLANTROOM_MQTT_URL: 'mqtt://127.0.0.1:1',
    PLANTROOM_LOG_LEVEL: 'error',
  };
}

export function demoOnFreePorts(dataDir: string, startMs = tuesdayMs): { demo: Demo; clock: VirtualClock } {
  const clock = new VirtualClock(startMs);
  return {
    demo: new Demo({ environment: readEnvironment(demoVariables(dataDir)), clock, logger: silentLogger }),
    clock,
  };
}

export interface Answer<T> {
  status: number;
  body: T;
}

export async function call<T>(demo: Demo, method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const answer = await fetch(`http://127.0.0.1:${demo.controlPort}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

/** A Modbus TCP client of bytes only: what it sends and gets is hex. */
export class HexClient {
  readonly #socket: Socket;
  #received = '';
  #waiting: { length: number; resolve: (text: string) => void } | undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (data) => {
      this.#received += data.toString('hex');
      this.#settle();
    });
  }

  get received(): string {
    return this.#received;
  }

  send(hex: string): void {
    this.#socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  }

  /** Resolves with the next `bytes` bytes. */
  take(bytes: number): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting = { length: bytes * 2, resolve };
      this.#settle();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || this.#received.length < waiting.length) return;
    this.#waiting = undefined;
    const text = this.#received.slice(0, waiting.length);
    this.#received = this.#received.slice(waiting.length);
    waiting.resolve(text);
  }
}
