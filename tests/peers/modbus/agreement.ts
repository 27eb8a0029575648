import { silentLogger, systemClock } from '@plantroom/contracts';
import type { PointBinding } from '@plantroom/device-profiles';
import { expect } from 'vitest';
import type { ModbusConnection } from '../../../gateway/src/config/gateway-config.ts';
import { createClient } from '../../../gateway/src/drivers/modbus/create-client.ts';
import type { ModbusClient } from '../../../gateway/src/drivers/modbus/modbus-client.ts';
import type { PeerServer, Place } from './peer-server.ts';
import { type NumberType, numberBinding, type Order, registersOf, stringBinding, testValues } from './typed-values.ts';

const head = { unit: 1, framing: 'standard', strictTransactionId: true } as const;

export function startClient(connection: ModbusConnection): ModbusClient {
  const client = createClient(connection, {
    // A busy machine is no device that does not answer.
    settings: { timeoutMs: 20_000, minRequestGapMs: 0, connectDelayMs: 0 },
    clock: systemClock,
    logger: silentLogger,
  });
  client.start();
  return client;
}

async function words(client: ModbusClient, place: Pick<Place, 'table' | 'address'>, count: number): Promise<number[]> {
  const result = await client.read({ ...head, table: place.table, start: place.address, count });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return [...result.values];
}

function decoded(binding: PointBinding, raw: readonly number[]): unknown {
  return binding.decode(raw)?.value;
}

/** What the peer encodes is what we read, and what we write is what the peer decodes. */
export async function agreeOnNumbers(
  { client, server }: { client: ModbusClient; server: PeerServer },
  type: NumberType,
  order: Order,
): Promise<void> {
  for (const [i, value] of testValues[type].entries()) {
    const address = 10 + 4 * i;
    for (const table of ['holding', 'input'] as const) {
      const place = { table, type, order, address };
      await server.set(place, String(value));
      const raw = await words(client, place, registersOf(type));
      expect(decoded(numberBinding(type, order, address, table), raw), `${table} ${type} ${order} ${value}`).toBe(
        value,
      );
    }
    const written = { table: 'holding', type, order, address: address + 100 } as const;
    const encoded = numberBinding(type, order, written.address, 'holding').write?.encode(value);
    if (encoded === undefined || !('request' in encoded) || encoded.request.protocol !== 'modbus') {
      throw new Error(`${type} ${value}: ${JSON.stringify(encoded)}`);
    }
    const { table, address: start, words: registers, single } = encoded.request;
    expect(await client.write({ ...head, table, start, words: registers, single })).toMatchObject({ ok: true });
    expect(Number(await server.get(written)), `written ${type} ${order} ${value}`).toBe(value);
  }
}

export async function agreeOnText({ client, server }: { client: ModbusClient; server: PeerServer }): Promise<void> {
  const place = { table: 'holding', type: 'string', order: 'ABCD', address: 300 } as const;
  await server.set(place, 'SDM-63');
  expect(decoded(stringBinding(4, place.address), await words(client, place, 4))).toBe('SDM-63');
}

/** Functions 1, 2, 5 and 15. */
export async function agreeOnBits({ client, server }: { client: ModbusClient; server: PeerServer }): Promise<void> {
  const pattern = [1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1];
  const place = (table: Place['table'], address: number): Place => ({ table, type: 'bool', order: 'ABCD', address });
  for (const table of ['coil', 'discrete'] as const) {
    for (const [i, bit] of pattern.entries()) await server.set(place(table, 20 + i), String(bit));
    expect(await words(client, { table, address: 20 }, pattern.length)).toEqual(pattern);
  }
  expect(await client.write({ ...head, table: 'coil', start: 50, words: pattern, single: false })).toMatchObject({
    ok: true,
  });
  expect(await client.write({ ...head, table: 'coil', start: 70, words: [1], single: true })).toMatchObject({
    ok: true,
  });
  const held: number[] = [];
  for (let i = 0; i < pattern.length; i++) held.push(Number(await server.get(place('coil', 50 + i))));
  expect(held).toEqual(pattern);
  expect(await server.get(place('coil', 70))).toBe('1');
  expect(await client.write({ ...head, table: 'coil', start: 70, words: [0], single: true })).toMatchObject({
    ok: true,
  });
  expect(await server.get(place('coil', 70))).toBe('0');
}

/** Functions 6, 16 and 23. */
export async function agreeOnWrites({ client, server }: { client: ModbusClient; server: PeerServer }): Promise<void> {
  const place = (address: number): Place => ({ table: 'holding', type: 'u16', order: 'ABCD', address });
  const write = { ...head, table: 'holding' } as const;
  expect(await client.write({ ...write, start: 400, words: [0x1234], single: true })).toMatchObject({ ok: true });
  expect(await client.write({ ...write, start: 401, words: [1, 2, 3], single: false })).toMatchObject({ ok: true });
  const both = await client.write({ ...head, start: 400, count: 4, writeStart: 402, words: [0xbeef] });
  if (!both.ok) throw new Error(JSON.stringify(both.failure));
  expect([...both.values]).toEqual([0x1234, 1, 0xbeef, 3]);
  expect(await server.get(place(402))).toBe(String(0xbeef));
}

export async function agreeOnExceptions({ client }: { client: ModbusClient }): Promise<void> {
  const outside = { ...head, start: 600 } as const;
  const refused = { ok: false, failure: { kind: 'exception', code: 2 } };
  for (const table of ['coil', 'discrete', 'holding', 'input'] as const) {
    expect(await client.read({ ...outside, table, count: 2 }), table).toMatchObject(refused);
  }
  expect(await client.write({ ...outside, table: 'holding', words: [1], single: true })).toMatchObject(refused);
  expect(await client.write({ ...outside, table: 'coil', words: [1, 1], single: false })).toMatchObject(refused);
  expect(await words(client, { table: 'holding', address: 0 }, 1)).toHaveLength(1);
}
