import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, silentLogger, systemClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '../../../gateway/src/drivers/modbus/create-client.ts';
import type { ModbusClient } from '../../../gateway/src/drivers/modbus/modbus-client.ts';
import {
  type ScriptedServer,
  scriptedServer,
  turns,
} from '../../../gateway/src/drivers/test-helpers/scripted-server.ts';
import { withCrc } from '../../../gateway/src/drivers/test-helpers/with-crc.ts';
import { eventually } from '../../helpers/eventually.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningProgram, runProgram } from '../../helpers/run-program.ts';

const socat = peer('socat');
const request = {
  unit: 1,
  table: 'input',
  start: 0,
  count: 1,
  framing: 'standard',
  strictTransactionId: true,
} as const;
const answer = withCrc('01 04 02 00 07');

describe.skipIf(!socat.available)(`a serial port of this machine ${socat.available ? '' : socat.hint}`, () => {
  let folder: string;
  let path: string;
  let device: ScriptedServer;
  let client: ModbusClient;
  let adapter: RunningProgram | undefined;
  let said: string[];

  /** A pseudo-terminal whose other end is the scripted device. */
  function plugIn(): void {
    adapter = runProgram(socat.program(), [`PTY,link=${path},raw,echo=0`, `TCP:127.0.0.1:${device.port}`]);
  }
  const connected = (state: boolean) => eventually(() => expect(client.stats().connected).toBe(state));
  const valueRead = async (): Promise<unknown> => {
    const result = await client.read(request);
    return result.ok ? result.values[0] : result.failure;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-line-'));
    path = join(folder, 'tty');
    device = await scriptedServer();
    said = [];
    const note = (_fields: object, words: string) => void said.push(words);
    const logger: Logger = { ...silentLogger, info: note, warn: note };
    client = createClient(
      { id: 'bus', protocol: 'modbus', transport: 'rtu', path, baudRate: 19200, parity: 'even' },
      {
        settings: { timeoutMs: 20_000, minRequestGapMs: 0, connectDelayMs: 0, maxBackoffMs: 500 },
        clock: systemClock,
        logger,
      },
    );
  });
  afterEach(async () => {
    await client.stop();
    await adapter?.stop();
    adapter = undefined;
    await device.close();
    rmSync(folder, { recursive: true });
  });

  test('reads answers that come whole and in pieces', async () => {
    plugIn();
    client.start();
    await connected(true);
    device.answer = (_, socket) => socket.write(answer);
    expect(await valueRead()).toBe(7);
    device.answer = (_, socket) => {
      socket.write(answer.subarray(0, 3));
      void turns(20).then(() => socket.write(answer.subarray(3)));
    };
    expect(await valueRead()).toBe(7);
    expect(device.requests[0]).toEqual(withCrc('01 04 00 00 00 01'));
  });

  test('a port that is not there is said once, and opened when it comes; so is one whose adapter was pulled', async () => {
    device.answer = (_, socket) => socket.write(answer);
    client.start();
    expect(await valueRead()).toMatchObject({ kind: 'connection', message: expect.stringContaining('No such file') });
    for (let i = 0; i < 2; i++) {
      plugIn();
      await connected(true);
      expect(await valueRead()).toBe(7);
      await adapter?.stop();
      await connected(false);
      expect(await valueRead()).toMatchObject({ kind: 'connection' });
    }
    expect(said.filter((words) => words.includes('No such file')).length).toBeLessThanOrEqual(3);
    expect(client.stats().reconnects).toBe(1);
  });
});
