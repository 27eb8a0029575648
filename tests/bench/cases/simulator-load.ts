import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../bed/bench-bed.ts';
import { cpuWindow, memory } from '../bed/proc-figures.ts';
import { type Figure, load } from '../report.ts';

const simulators = fileURLToPath(new URL('../../../simulators/src/main.ts', import.meta.url));
const numberOfCopies = 10;
const warmUpMs = 5000;
/** Of the demo's gateway file: seven meters behind one TCP gateway, read by unit. */
const connection = 'meters';
const units = 7;

/** How many requests a second one process of ten simulated buildings answers, while it steps their models in real time. */
export async function simulatorLoad({ seconds }: BenchOptions): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-bench-'));
  const child = fork(simulators, ['load', '--copies', String(numberOfCopies), '--free-ports'], {
    env: {
      ...process.env,
      PLANTROOM_DATA_DIR: folder,
      PLANTROOM_MQTT_URL: 'mqtt://127.0.0.1:1',
      PLANTROOM_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const readers: Reader[] = [];
  try {
    const ports = await readyPorts(child);
    await new Promise((resolve) => setTimeout(resolve, warmUpMs));
    const idle = cpuWindow({ simulators: child.pid ?? 0 });
    await new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / 2));
    const atRest = idle();
    for (const port of ports) readers.push(new Reader(port));
    await new Promise((resolve) => setTimeout(resolve, warmUpMs));
    const before = answered(readers);
    const busy = cpuWindow({ simulators: child.pid ?? 0 });
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const under = busy();
    const perS = ((answered(readers) - before) / under.ms) * 1000;
    const { rssMb } = resident(child.pid ?? 0);
    const note = `${numberOfCopies} buildings, load ${load()}`;
    return [
      { name: 'simulators: requests answered, one process', measured: perS, unit: 'a second', note },
      {
        name: 'simulators: CPU of a building at rest',
        measured: atRest.simulators / numberOfCopies,
        unit: '% of a core',
      },
      { name: 'simulators: CPU under this load', measured: under.simulators, unit: '% of a core' },
      {
        name: 'simulators: requests for a core',
        measured: (perS / Math.max(1, under.simulators - atRest.simulators)) * 100,
        unit: 'a second',
        note: 'beside stepping the models',
      },
      { name: 'simulators: memory of ten buildings', measured: rssMb, unit: 'MB' },
    ];
  } finally {
    for (const reader of readers) reader.close();
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readyPorts(child: ChildProcess): Promise<number[]> {
  const [message] = (await once(child, 'message')) as [{ buildings: { ports: Record<string, number> }[] }];
  return message.buildings.map(({ ports }) => ports[connection]!);
}

const answered = (readers: readonly Reader[]): number => readers.reduce((sum, { answers }) => sum + answers, 0);
const resident = (pid: number): { rssMb: number } => ({ rssMb: memory(pid).rssMb });

/** A Modbus TCP client of bytes: asks one meter after the other for 60 registers, the next as soon as the answer is there. */
class Reader {
  answers = 0;
  readonly #socket: Socket;
  #left = 0;
  #id = 0;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => this.#ask());
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (data) => {
      this.#left -= data.length;
      if (this.#left > 0) return;
      this.answers++;
      this.#ask();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(): void {
    this.#id = (this.#id + 1) & 0xffff;
    const frame = Buffer.from('000000000006000400000050', 'hex');
    frame.writeUInt16BE(this.#id, 0);
    frame.writeUInt8((this.#id % units) + 1, 6);
    // 80 registers: header of 9 bytes, then the words.
    this.#left = 9 + 160;
    this.#socket.write(frame);
  }
}
