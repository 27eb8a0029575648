import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exampleUnit, functionExamples } from '../test-helpers/function-examples.ts';
import type { LineBed } from '../test-helpers/line-beds.ts';
import { bytes, turns } from '../test-helpers/scripted-server.ts';
import { createClient } from './create-client.ts';
import type { ExchangeResult, ModbusClient } from './modbus-client.ts';
import { functionCode, type ModbusRequest, type ReadRequest, type WriteRequest } from './request.ts';

/** Longer than a serial line needs to notice that its adapter has been pulled. */
const timeoutMs = 5000;
const head = { unit: exampleUnit, framing: 'standard', strictTransactionId: true } as const;
const register = (start: number, unit = exampleUnit): ReadRequest => ({
  ...head,
  unit,
  table: 'holding',
  start,
  count: 1,
});
const setting = (start: number, word: number): WriteRequest => ({
  ...head,
  table: 'holding',
  start,
  words: [word],
  single: true,
});
const hex = (value: number): string => value.toString(16).padStart(4, '0');
const outcomeOf = (result: ExchangeResult): unknown => (result.ok ? [...result.values] : result.failure);

/** What the client must do over every kind of line alike. Each test leaves the line standing, with nothing under way. */
export function describeModbusLine(name: string, make: () => Promise<LineBed>): void {
  describe(`Modbus over ${name}`, () => {
    let bed: LineBed;
    let clock: VirtualClock;
    let client: ModbusClient;

    const connected = (state: boolean): Promise<void> =>
      eventually(
        () => {
          clock.advance(100);
          expect(client.stats().connected).toBe(state);
        },
        { what: state ? 'a connection' : 'the end of the connection', everyMs: 20 },
      );
    const asked = (count: number): Promise<void> =>
      eventually(() => expect(bed.far.requests.length).toBe(count), { what: `request ${count}`, everyMs: 5 });
    const send = (request: ModbusRequest): Promise<ExchangeResult> =>
      'words' in request ? client.write(request) : client.read(request);
    const valueFrame = (request: Buffer, value: number): Buffer => bed.far.frame(request, `03 02 ${hex(value)}`);
    /** The register's own address as its value; a write of one register is repeated. */
    const obey = (request: Buffer): Buffer => {
      const pdu = bed.far.pduOf(request);
      return pdu[0] === 6 ? bed.far.frame(request, pdu.toString('hex')) : valueFrame(request, pdu.readUInt16BE(1));
    };
    /** Nothing is answered in time. */
    const timedOut = async (request: ModbusRequest): Promise<void> => {
      const before = bed.far.requests.length;
      const result = send(request);
      await asked(before + 1);
      clock.advance(timeoutMs);
      expect(outcomeOf(await result)).toEqual({ kind: 'timeout' });
    };
    const worksOn = async (): Promise<void> => {
      // Whatever was given up is lost by now, and nothing is held back for it any longer.
      clock.advance(10 * timeoutMs);
      bed.far.answer = (request) => [obey(request)];
      expect(outcomeOf(await client.read(register(7)))).toEqual([7]);
    };

    beforeAll(async () => {
      bed = await make();
      clock = new VirtualClock();
      client = createClient(bed.connection, {
        settings: { timeoutMs, minRequestGapMs: 0, connectDelayMs: 0, maxBackoffMs: 1000 },
        clock,
        logger: silentLogger,
      });
      client.start();
      await bed.plugIn();
      await connected(true);
    });
    beforeEach(() => {
      bed.far.requests.length = 0;
      bed.far.answer = () => [];
    });
    afterAll(async () => {
      await client.stop();
      await bed.close();
    });

    test('functions 1 to 6, 15, 16 and 23 are asked and answered as the standard prints them', async () => {
      for (const { name: example, request, asked: pdu, answered, values } of functionExamples) {
        bed.far.answer = (frame) => [bed.far.frame(frame, answered)];
        expect(outcomeOf(await send(request)), example).toEqual(values);
        const frame = bed.far.requests.at(-1)!;
        expect(bed.far.pduOf(frame), example).toEqual(bytes(pdu));
      }
      expect(bed.far.requests).toHaveLength(functionExamples.length);
    });

    test('an answer may come in pieces', async () => {
      for (const cut of [1, 4, 6]) {
        bed.far.answer = (request) => {
          const frame = obey(request);
          void turns(3).then(() => bed.far.say(frame.subarray(cut)));
          return [frame.subarray(0, cut)];
        };
        expect(outcomeOf(await client.read(register(0x1234)))).toEqual([0x1234]);
      }
    });

    test.each(functionExamples)('an exception to $name is told by its code, and the line works on', async (example) => {
      const { reconnects } = client.stats();
      const code = (functionCode(example.request) | 0x80).toString(16);
      bed.far.answer = (request) => [bed.far.frame(request, `${code} 04`)];
      expect(outcomeOf(await send(example.request))).toEqual({ kind: 'exception', code: 4 });
      await worksOn();
      expect(client.stats().reconnects).toBe(reconnects);
    });

    test.each<[string, ModbusRequest, string]>([
      ['a read', register(10), '03 02 00 6F'],
      ['a write', setting(20, 0x6f), '06 00 14 00 6F'],
    ])('the answer to %s that comes too late is not taken for the next one', async (_, first, answered) => {
      await timedOut(first);
      const late = bed.far.frame(bed.far.requests[0]!, answered);
      // Serial frames carry no id, so the unit is not asked again while its answer may still be on its way.
      const together = bed.far.frames === 'tcp';
      bed.far.answer = (request) => [Buffer.concat([...(together ? [late] : []), valueFrame(request, 222)])];
      const next = client.read(register(20));
      if (!together) {
        await turns();
        expect(bed.far.requests).toHaveLength(1);
        bed.far.say(late);
      }
      expect(outcomeOf(await next)).toEqual([222]);
      expect(client.stats().stray).toBeGreaterThan(0);
      await worksOn();
    });

    test('the late answer of one unit is not taken for that of another', async () => {
      await timedOut(register(10, 5));
      const late = valueFrame(bed.far.requests[0]!, 111);
      bed.far.answer = (request) => [Buffer.concat([late, valueFrame(request, 222)])];
      expect(outcomeOf(await client.read(register(10, 6)))).toEqual([222]);
      await worksOn();
    });

    test('an answer in the name of another unit is never a value', async () => {
      bed.far.answer = (request) => [bed.far.frame(request, '03 02 00 6F', exampleUnit + 1), valueFrame(request, 222)];
      const outcome = outcomeOf(await client.read(register(10)));
      // A transaction id that is right with a unit that is wrong: nothing else will come under it.
      if (bed.far.frames === 'tcp') expect(outcome).toMatchObject({ kind: 'malformed' });
      else expect(outcome).toEqual([222]);
      await worksOn();
    });

    test('a line that ends in the middle of an answer is an error at once; when it stands again, nothing is left of it', async () => {
      const { reconnects } = client.stats();
      bed.far.answer = (request) => [valueFrame(request, 0x1111).subarray(0, 5)];
      const [cut, waiting] = [client.read(register(10)), client.read(register(11))];
      await asked(1);
      await bed.pull();
      await connected(false);
      expect(outcomeOf(await cut)).toMatchObject({ kind: 'connection' });
      expect(outcomeOf(await waiting)).toMatchObject({ kind: 'connection' });
      expect(outcomeOf(await client.write(setting(20, 1)))).toMatchObject({ kind: 'connection' });
      expect(bed.far.requests).toHaveLength(1);
      await bed.plugIn();
      await connected(true);
      await worksOn();
      expect(client.stats().reconnects).toBeGreaterThan(reconnects);
    });

    test('one request is under way at a time, in the order in which they were made; writes go ahead of waiting reads', async () => {
      const first = client.read(register(10));
      await asked(1);
      const others = [client.read(register(20)), client.read(register(30))];
      const write = client.write(setting(40, 9));
      const ahead = client.read(register(50), { ahead: true });
      await turns();
      expect(bed.far.requests).toHaveLength(1);
      bed.far.answer = (request) => [obey(request)];
      bed.far.say(obey(bed.far.requests[0]!));
      const outcomes = (await Promise.all([first, write, ahead, ...others])).map(outcomeOf);
      expect(outcomes).toEqual([[10], [], [50], [20], [30]]);
      const order = bed.far.requests.map((request) => bed.far.pduOf(request).subarray(0, 3).toString('hex'));
      expect(order).toEqual(['03000a', '060028', '030032', '030014', '03001e']);
    });

    test('a stop ends what is under way and what waits, in words', async () => {
      const jobs = [client.read(register(10)), client.read(register(11)), client.write(setting(20, 1))];
      await asked(1);
      await client.stop();
      for (const job of jobs) expect(outcomeOf(await job)).toEqual({ kind: 'connection', message: 'stopped' });
      expect(bed.far.requests).toHaveLength(1);
    });
  });
}
