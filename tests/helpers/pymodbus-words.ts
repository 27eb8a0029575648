import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModbusTable } from '@plantroom/device-profiles';
import type { Peer } from './peers.ts';

export interface WordsRequest {
  port: number;
  unit: number;
  table: ModbusTable;
  address: number;
  count: number;
  framing: 'tcp' | 'rtu' | 'inovance';
}

const script = fileURLToPath(new URL('pymodbus-words.py', import.meta.url));

/** What pymodbus reads, request by request; a text says why there are no words. */
export function pymodbusWords(pymodbus: Peer, requests: readonly WordsRequest[]): Promise<(number[] | string)[]> {
  return runPymodbus<(number[] | string)[]>(pymodbus, script, requests);
}

/** Gives the script its input as JSON and what it prints back from JSON; rejects with what it says when it fails. */
export function runPymodbus<T>(pymodbus: Peer, script: string, input: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(pymodbus.program(), [script], { stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(Buffer.concat(out).toString()) as T);
      else reject(new Error(Buffer.concat(err).toString()));
    });
    child.stdin.end(JSON.stringify(input));
  });
}
