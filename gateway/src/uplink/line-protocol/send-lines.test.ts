import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LineAnswer, LineReceiver } from '../../test-helpers/line-receiver.ts';
import { LineWriter } from './line-writer.ts';
import { LineSender } from './send-lines.ts';

const lines = Array.from({ length: 8 }, (_, i) => `pump,site=t,equipment=p-${i} flow=${i},head=${i} ${1000 + i}`);
const clock = new VirtualClock();
let receiver: LineReceiver;
let sender: LineSender;

beforeEach(async () => {
  receiver = new LineReceiver();
  await receiver.listen();
  sender = new LineSender(new LineWriter({ url: receiver.url, api: 'v2', clock }));
});
afterEach(() => receiver.close());

/** The first answer, then 204. */
const once = (first: LineAnswer): void => {
  receiver.answer = () => (receiver.requests.length === 1 ? first : { status: 204 });
};
const sentAgain = (): string[] => receiver.requests.slice(1).flatMap((request) => request.lines);

describe('a receiver that has stored the good lines is sent nothing again', () => {
  test('InfluxDB 1.x, lines that it cannot parse: it names their text', async () => {
    const error = `partial write: unable to parse '${lines[2]}': invalid number\nunable to parse '${lines[5]}': missing fields dropped=0`;
    once({ status: 400, body: { error } });
    expect(await sender.send(lines)).toEqual([
      { why: 'invalid number', count: 1, lines: [lines[2]] },
      { why: 'missing fields', count: 1, lines: [lines[5]] },
    ]);
    expect(sentAgain()).toEqual([]);
  });

  test('a field that has another type: the lines are those with that field', async () => {
    const all = [...lines, 'fan,site=t,equipment=f-1 flow=1 1'];
    const error =
      'partial write: field type conflict: input field "flow" on measurement "fan" is type float, already exists as type integer dropped=1';
    once({ status: 400, body: { error } });
    expect(await sender.send(all)).toEqual([{ why: error, count: 1, lines: [all.at(-1)] }]);
    expect(sentAgain()).toEqual([]);
  });

  test('the same in the words of 2.x', async () => {
    const message =
      'failure writing points to database: partial write: field type conflict: input field "head" on measurement "pump" is type float, already exists as type string dropped=8';
    once({ status: 422, body: { code: 'unprocessable entity', message } });
    expect(await sender.send(lines)).toEqual([{ why: message, count: 8, lines }]);
    expect(sentAgain()).toEqual([]);
  });

  test('lines older than it keeps are the oldest of the batch', async () => {
    const error = 'partial write: points beyond retention policy dropped=3';
    once({ status: 400, body: { error } });
    const shuffled = [...lines].reverse();
    expect(await sender.send(shuffled)).toEqual([{ why: error, count: 3, lines: [lines[0], lines[1], lines[2]] }]);
    expect(sentAgain()).toEqual([]);
  });

  test('a limit that names no line: they are counted', async () => {
    const error = 'partial write: max-series-per-database limit exceeded: (1000000) dropped=3';
    once({ status: 400, body: { error } });
    expect(await sender.send(lines)).toEqual([{ why: error, count: 3, lines: [] }]);
    expect(sentAgain()).toEqual([]);
  });

  test('our own server tells twenty lines and counts the others', async () => {
    const message = `partial write: line 2: unable to parse 'x': invalid number\nline 4: unable to parse 'y': missing fields\nand 1 more dropped=3`;
    once({ status: 400, body: { code: 'invalid', message, line: 2 } });
    const rejected = await sender.send(lines);
    expect(rejected.map(({ count, lines: told }) => [count, told])).toEqual([
      [1, [lines[1]]],
      [1, [lines[3]]],
      [1, []],
    ]);
    expect(sentAgain()).toEqual([]);
  });
});

describe('otherwise the rest is sent again', () => {
  test('2.x has stored nothing of a batch with a line that it cannot parse', async () => {
    once({ status: 400, body: { code: 'invalid', message: `unable to parse '${lines[3]}': missing fields` } });
    expect(await sender.send(lines)).toEqual([{ why: 'missing fields', count: 1, lines: [lines[3]] }]);
    expect(sentAgain()).toEqual(lines.filter((_, i) => i !== 3));
  });

  test('3.x names lines by number, but hosts of it only the first hundred', async () => {
    const data = [{ line_number: 5, error_message: 'invalid column type', original_line: lines[4] }];
    once({ status: 400, body: { error: 'partial write of line protocol occurred', data } });
    expect(await sender.send(lines)).toEqual([{ why: 'invalid column type', count: 1, lines: [lines[4]] }]);
    expect(sentAgain()).toEqual(lines.filter((_, i) => i !== 4));
  });

  test('a refusal that names nothing: the wrong line is found by halving, the others are stored once', async () => {
    receiver.answer = ({ lines: sent }) =>
      sent.includes(lines[6]!) ? { status: 400, body: { error: 'something is wrong' } } : { status: 204 };
    expect(await sender.send(lines)).toEqual([
      { why: 'HTTP 400: something is wrong [LINE_WRITE]', count: 1, lines: [lines[6]] },
    ]);
    expect(receiver.storedLines()).toEqual(lines.filter((_, i) => i !== 6));
  });

  test('a number that is no line of the batch is not believed', async () => {
    receiver.answer = ({ lines: sent }) =>
      sent.includes(lines[0]!) ? { status: 400, body: { message: 'line 99: no' } } : { status: 204 };
    expect((await sender.send(lines)).flatMap((rejected) => rejected.lines)).toEqual([lines[0]]);
    expect(receiver.storedLines()).toEqual(lines.slice(1));
  });
});

describe('the request as a whole', () => {
  test.each([401, 403, 404, 429, 500, 503])('%i gives up no line', async (status) => {
    once({ status, body: { code: 'x', message: 'y' } });
    await expect(sender.send(lines)).rejects.toMatchObject({ status });
    expect(receiver.requests).toHaveLength(1);
  });

  test('400 of something that is no database gives up no line either', async () => {
    once({ status: 400, body: '<html>The plain HTTP request was sent to HTTPS port</html>' });
    await expect(sender.send(lines)).rejects.toMatchObject({ status: 400 });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('413', () => {
  const many = Array.from({ length: 1000 }, (_, i) => `pump,site=t,equipment=p-${i} flow=${i} ${i}`);

  test('splits the batch, and what fits is remembered', async () => {
    receiver.answer = ({ lines: sent }) =>
      sent.length > 300 ? { status: 413, body: { message: 'too large' } } : { status: 204 };
    expect(await sender.send(many)).toEqual([]);
    expect(receiver.storedLines()).toEqual(many);
    receiver.requests.splice(0);
    expect(await sender.send(many)).toEqual([]);
    expect(receiver.requests.map(({ lines: sent }) => sent.length)).toEqual([250, 250, 250, 250]);
  });

  test('a single line that is too large is given up, and costs later batches little', async () => {
    const giant = `pump,site=t,equipment=p-1 note="${'x'.repeat(5000)}" 1`;
    const body = { code: 'request too large', message: 'too large' };
    receiver.answer = ({ lines: sent }) => (sent.includes(giant) ? { status: 413, body } : { status: 204 });
    const rejected = await sender.send([...many, giant]);
    expect(rejected).toMatchObject([{ count: 1, lines: [giant] }]);
    expect(receiver.storedLines()).toEqual(many);
    receiver.requests.splice(0);
    await sender.send(many);
    expect(receiver.requests.length).toBeLessThanOrEqual(10);
  });
});
