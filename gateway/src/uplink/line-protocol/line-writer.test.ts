import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LineReceiver } from '../../test-helpers/line-receiver.ts';
import { LineWriter, type LineWriterOptions } from './line-writer.ts';
import { WriteError } from './write-error.ts';

const clock = new VirtualClock();
const lines = Array.from({ length: 100 }, (_, i) => `pump,site=塔楼,equipment=p-${i} flow=${i} ${i}`);
let receiver: LineReceiver;

const writer = (options: Partial<LineWriterOptions> = {}): LineWriter =>
  new LineWriter({ url: receiver.url, timeoutMs: 20_000, clock, ...options });
const failure = async (options: Partial<LineWriterOptions> = {}): Promise<WriteError> => {
  const error: unknown = await writer({ api: 'v2', ...options })
    .write(lines)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof WriteError)) throw new Error(`expected a WriteError, got ${String(error)}`);
  return error;
};

beforeEach(async () => {
  receiver = new LineReceiver();
  await receiver.listen();
});
afterEach(() => receiver.close());

describe('the request, by version of the receiver', () => {
  test.each<[string, Partial<LineWriterOptions>, string, string | undefined]>([
    ['1.x', { api: 'v1', bucket: 'my room' }, '/write?db=my%20room&precision=ms', undefined],
    [
      '1.x with a retention policy and a password',
      { api: 'v1', bucket: 'room', retentionPolicy: 'two years', username: 'edge', password: 'a:b c' },
      '/write?db=room&rp=two%20years&precision=ms',
      `Basic ${Buffer.from('edge:a:b c').toString('base64')}`,
    ],
    ['1.8 with a token', { api: 'v1', token: 'edge:pw' }, '/write?db=plantroom&precision=ms', 'Token edge:pw'],
    [
      '2.x',
      { api: 'v2', token: 'secret', org: 'my org', bucket: 'room' },
      '/api/v2/write?org=my%20org&bucket=room&precision=ms',
      'Token secret',
    ],
    [
      '2.x, a token that the environment leaves empty',
      { api: 'v2', token: '' },
      '/api/v2/write?org=plantroom&bucket=plantroom&precision=ms',
      undefined,
    ],
    ['2.x, nothing named', { api: 'v2' }, '/api/v2/write?org=plantroom&bucket=plantroom&precision=ms', undefined],
    [
      '3.x',
      { api: 'v3', token: 'apiv3_x', bucket: 'room' },
      '/api/v3/write_lp?db=room&precision=millisecond&accept_partial=true',
      'Bearer apiv3_x',
    ],
  ])('%s', async (_name, options, url, authorization) => {
    await writer(options).write(lines);
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    expect(request).toMatchObject({ method: 'POST', url, lines });
    expect(request!.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'user-agent': 'plantroom-gateway',
    });
    expect(request!.headers.authorization).toBe(authorization);
  });

  test('a base address with a path and a slash at its end keeps the path', async () => {
    await writer({ url: `${receiver.url}/influx/`, api: 'v2' }).write(lines);
    expect(receiver.requests[0]?.url).toMatch(/^\/influx\/api\/v2\/write\?/);
  });

  test.each([
    ['1.6.7~rc0', '/write?db=room&precision=ms'],
    ['1.8.10', '/api/v2/write?org=plantroom&bucket=room&precision=ms'],
    ['v2.7.1', '/api/v2/write?org=plantroom&bucket=room&precision=ms'],
    ['3.2.1', '/api/v3/write_lp?db=room&precision=millisecond&accept_partial=true'],
    ['none', '/api/v2/write?org=plantroom&bucket=room&precision=ms'],
  ])(
    'a receiver that says at /ping that it is version %s is written to at %s, and asked once',
    async (version, path) => {
      receiver.answer = () => ({ status: 204, headers: version === 'none' ? {} : { 'x-influxdb-version': version } });
      const asking = writer({ bucket: 'room', token: 'secret' });
      await asking.write(lines);
      await asking.write(lines);
      expect(receiver.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET /ping',
        `POST ${path}`,
        `POST ${path}`,
      ]);
      // InfluxDB 3 wants the token at /ping too, and takes both words there.
      expect(receiver.requests[0]?.headers.authorization).toBe('Token secret');
    },
  );

  test('a receiver without /ping is named in the error, and asked again with the next write', async () => {
    receiver.answer = ({ url }) =>
      url === '/ping' && receiver.requests.length === 1 ? { status: 404 } : { status: 204 };
    const asking = writer();
    await expect(asking.write(lines)).rejects.toMatchObject({ status: 404, message: expect.stringMatching(/`api`/) });
    await asking.write(lines);
    expect(receiver.storedLines().slice(-lines.length)).toEqual(lines);
  });

  test('bodies are compressed for a receiver elsewhere, not for one on this machine nor when they are small', async () => {
    await writer({ api: 'v2' }).write(lines);
    await writer({ api: 'v2', gzip: true }).write(lines);
    await writer({ api: 'v2', gzip: true }).write(lines.slice(0, 1));
    expect(receiver.requests.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', undefined]);
    expect(receiver.requests[1]!.bytes).toBeLessThan(receiver.requests[0]!.bytes / 3);
    expect(receiver.requests[1]!.lines).toEqual(lines);
  });
});

describe('a write that fails', () => {
  test.each([
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [401, false],
    [404, false],
    [413, false],
    [422, false],
  ])('HTTP %i: may be retried: %s', async (status, retryable) => {
    receiver.answer = () => ({ status, body: { code: 'x', message: 'why not' } });
    expect(await failure()).toMatchObject({ status, retryable, message: `HTTP ${status}: why not [LINE_WRITE]` });
  });

  test('no connection may be retried', async () => {
    receiver.answer = () => 'reset';
    expect(await failure()).toMatchObject({ status: undefined, retryable: true });
  });

  test('no answer in time may be retried, and the connection does not stay open', async () => {
    receiver.answer = () => 'silence';
    expect(await failure({ timeoutMs: 50 })).toMatchObject({
      status: undefined,
      retryable: true,
      message: 'no answer within 50 ms [LINE_WRITE]',
    });
  });

  test('200 is no receipt: a proxy may say it', async () => {
    receiver.answer = () => ({ status: 200, body: '<html>Welcome</html>' });
    expect(await failure()).toMatchObject({ status: 200, message: expect.stringMatching(/<html>Welcome/) });
  });

  test('what it says is found wherever the version puts it; a page of HTML is no refusal of lines', async () => {
    receiver.answer = () => ({ status: 400, body: { error: 'unable to parse' } });
    expect(await failure()).toMatchObject({
      message: 'HTTP 400: unable to parse [LINE_WRITE]',
      refusal: { error: 'unable to parse' },
    });
    receiver.answer = () => ({ status: 401, headers: { 'x-influxdb-error': 'authorization failed' } });
    expect(await failure()).toMatchObject({ message: 'HTTP 401: authorization failed [LINE_WRITE]' });
    receiver.answer = () => ({ status: 400, body: 'The plain HTTP request was sent to HTTPS port' });
    expect(await failure()).toMatchObject({ refusal: undefined });
  });

  test('Retry-After is taken in seconds and as a date', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    expect(await failure()).toMatchObject({ retryAfterMs: 7000 });
    const date = Date.UTC(2030, 0, 1);
    receiver.answer = () => ({
      status: 503,
      headers: { date: new Date(date).toUTCString(), 'retry-after': new Date(date + 12_000).toUTCString() },
    });
    expect(await failure()).toMatchObject({ retryAfterMs: 12_000 });
  });
});
