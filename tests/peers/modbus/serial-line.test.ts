import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../../gateway/src/drivers/modbus/create-client.ts';
import { describeModbusLine } from '../../../gateway/src/drivers/modbus/line-contract.ts';
import { FarDevice } from '../../../gateway/src/drivers/test-helpers/far-device.ts';
import type { LineBed } from '../../../gateway/src/drivers/test-helpers/line-beds.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningProgram, runProgram } from '../../helpers/run-program.ts';

const socat = peer('socat');

/** A pseudo-terminal whose other end is the device. */
async function serialBed(): Promise<LineBed> {
  const folder = mkdtempSync(join(tmpdir(), 'serial-line-'));
  const path = join(folder, 'tty');
  const far = new FarDevice('rtu');
  const server = createServer((socket) => far.take(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let adapter: RunningProgram | undefined;
  const pull = async (): Promise<void> => {
    await adapter?.stop();
    adapter = undefined;
    far.hangUp();
  };
  return {
    connection: { id: 'bus', protocol: 'modbus', transport: 'rtu', path, baudRate: 19200, parity: 'even' },
    far,
    plugIn: () => {
      adapter = runProgram(socat.program(), [`PTY,link=${path},raw,echo=0`, `TCP:127.0.0.1:${port}`]);
      return Promise.resolve();
    },
    pull,
    close: async () => {
      await pull();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

describe.skipIf(!socat.available)(`a serial port of this machine ${socat.available ? '' : socat.hint}`, () => {
  describeModbusLine('a serial port', serialBed);

  test('a port that is not there is said once, however often it is looked for', async () => {
    const bed = await serialBed();
    const clock = new VirtualClock();
    const said: string[] = [];
    const note = (_fields: object, words: string) => void said.push(words);
    const logger: Logger = { ...silentLogger, info: note, warn: note };
    const client = createClient(bed.connection, {
      settings: { timeoutMs: 1000, minRequestGapMs: 0, connectDelayMs: 0, maxBackoffMs: 500 },
      clock,
      logger,
    });
    client.start();
    const request = { unit: 1, table: 'input', start: 0, count: 1, framing: 'standard' } as const;
    await eventually(async () => {
      clock.advance(500);
      expect(await client.read({ ...request, strictTransactionId: true })).toMatchObject({
        failure: { kind: 'connection', message: expect.stringContaining('No such file') },
      });
    });
    for (let i = 0; i < 3; i++) {
      clock.advance(500);
      await client.read({ ...request, strictTransactionId: true });
    }
    expect(said.filter((words) => words.includes('No such file'))).toHaveLength(1);
    await client.stop();
    await bed.close();
  });
});
