import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkGateway } from './check-report.ts';
import { checkLines, overload } from './line-check.ts';
import { loadGatewayConfig } from './load-config.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const thirtyMeters = join(examples, 'meters-9600.yaml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, text);
  return file;
}

/** One SDM120 on a connection that the test states. */
function oneMeter(connection: string, more = ''): string {
  return written(`gateway: edge
site: tower
uplinks: {}
outbox: { file: outbox.db }
connections: [{ id: line, protocol: modbus, ${connection} }]
devices:
  - { id: m1, profile: eastron/sdm120, connection: line, unitId: 1, serves: { meter: m1 }${more} }
`);
}

const lineOf = (file: string) => checkLines(loadGatewayConfig({ file, environment: {} }))[0]!;

describe('check of a line', () => {
  test('thirty meters at 9600 baud: the plan, what it costs and how often each class comes', async () => {
    const { text, ok } = checkGateway(thirtyMeters, {});
    expect(ok).toBe(true);
    await expect(text).toMatchFileSnapshot(join(examples, 'meters-9600.check.txt'));
  });

  test('the same meters with the periods of their profiles are refused, with what is needed, by whom, and what would fit', () => {
    const file = written(readFileSync(thirtyMeters, 'utf8').replaceAll(/, poll: \{[^}]*\}/g, ''));
    const { text, ok } = checkGateway(file, {});
    expect(ok).toBe(false);
    const line = lineOf(file);
    const neededMs = Math.round(line.load.utilisation * 1000);
    expect(neededMs).toBeGreaterThan(1000);
    expect(text).toContain(`REFUSED (1):\n  line "riser" needs ${neededMs} ms of every 1000 ms: plant-1 (unit 23)`);
    expect(text).toMatch(/It would fit with every period [\d.]+ times as long \(80 % used\)/);
    expect(text).toMatch(/Would help: fast: \d+s under `poll` of every device → \d+ %/);
    expect(text).toMatch(/Would help: 38400 baud on the line and in every device → \d+ %/);
    expect(text).toMatch(/^ {2}fast +30 +\d+ +[\d.]+ s +1 s +[\d.]+ s ! /m);
  });

  test('what is said to fit does fit', () => {
    const fast = lineOf(oneMeter('transport: rtu, path: /dev/ttyS0, baudRate: 300'));
    const refused = overload(fast)!;
    const factor = /every period ([\d.]+) times/.exec(refused.message);
    const period = /fits? with (\w+): (\w+)/.exec(refused.message);
    const poll =
      factor === null
        ? `{ ${period![1]}: ${period![2]} }`
        : `{ fast: ${1 * Number(factor[1])}s, normal: ${5 * Number(factor[1])}s, slow: ${60 * Number(factor[1])}s }`;
    const stretched = lineOf(oneMeter('transport: rtu, path: /dev/ttyS0, baudRate: 300', `, poll: ${poll}`));
    expect(overload(stretched)).toBeUndefined();
    expect(stretched.load.utilisation).toBeLessThanOrEqual(0.81);
  });

  test.each([
    ['transport: rtu, path: /dev/ttyS0', 9600, 10],
    ['transport: rtu, path: /dev/ttyS0, baudRate: 19200, parity: even', 19_200, 11],
    ['transport: rtu, path: /dev/ttyS0, parity: odd, stopBits: 2', 9600, 12],
    ['transport: rtu-over-tcp, host: 10.0.0.5, port: 4001', 9600, undefined],
    ['transport: rtu-over-tcp, host: 10.0.0.5, port: 4001, baudRate: 38400', 38_400, undefined],
    ['transport: tcp-server, host: 0.0.0.0, port: 4001', 9600, undefined],
    ['transport: tcp, host: 10.0.0.5, port: 502, baudRate: 19200', 19_200, undefined],
  ])('%s is a serial line of %i baud', (connection, baud, characterBits) => {
    expect(lineOf(oneMeter(connection)).line).toMatchObject({
      kind: 'serial',
      baud,
      ...(characterBits === undefined ? {} : { characterBits }),
    });
  });

  test('a TCP device without a baud rate has no serial side', () => {
    expect(lineOf(oneMeter('transport: tcp, host: 10.0.0.5, port: 502')).line.kind).toBe('tcp');
  });

  test("the connection's own gap takes the place of the profiles' gaps", () => {
    const own = lineOf(oneMeter('transport: rtu, path: /dev/ttyS0'));
    const shorter = lineOf(oneMeter('transport: rtu, path: /dev/ttyS0, minRequestGapMs: 20'));
    expect(own.requests[0]?.gapMs).toBe(100);
    expect(shorter.requests[0]?.gapMs).toBe(20);
    expect(shorter.load.utilisation).toBeLessThan(own.load.utilisation);
  });
});
