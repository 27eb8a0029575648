import { type Reading, sparkplugQuality } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { DataPayload, type MetricForm } from './data-payload.ts';
import { decodePayload, toNumber } from './payload.ts';

const kinds = ['number', 'counter', 'enum', 'boolean', 'string'] as const;
const { points } = pointTable('tower', [
  testDevice(
    'drive',
    kinds.map((kind) => testBinding(kind, { kind })),
  ),
]);
const plain: MetricForm = { historical: false, properties: false };
const t = 1_750_000_000_000;

function encode(kind: number, reading: Partial<Reading>, form: Partial<MetricForm> = {}): Uint8Array {
  const payload = new DataPayload();
  const point = points[kind]!;
  payload.begin(t);
  const whole: Reading = { point: point.id, value: null, quality: 'good', wireTimeMs: t, ...reading };
  payload.add(point, whole, { ...plain, ...form });
  return payload.end(7);
}

describe('data payload', () => {
  test('bytes as sparkplug_b.proto has them: time, one metric by alias, sequence number', () => {
    const time = '80b883a1f732';
    expect(Buffer.from(encode(1, { value: 0.5 })).toString('hex')).toBe(
      `08${time}1214100118${time}200a69000000000000e03f1807`,
    );
  });

  test.each([
    [0, 12.5, { type: 'Double', value: 12.5 }],
    [1, 2 ** 40, { type: 'Double', value: 2 ** 40 }],
    [2, 3, { type: 'Int32', value: 3 }],
    [2, -1, { type: 'Int32', value: -1 }],
    [3, true, { type: 'Boolean', value: true }],
    [3, false, { type: 'Boolean', value: false }],
    [4, '泵 A', { type: 'String', value: '泵 A' }],
    [4, 'x'.repeat(20_000), { type: 'String', value: 'x'.repeat(20_000) }],
    [0, null, { type: 'Double', value: null }],
  ] as const)('another codec reads kind %i, value %s', (kind, value, expected) => {
    const { metrics, seq, timestamp } = decodePayload(encode(kind, { value }));
    expect(metrics).toHaveLength(1);
    expect(metrics?.[0]).toMatchObject(expected);
    expect(toNumber(metrics?.[0]?.alias)).toBe(kind);
    expect(toNumber(metrics?.[0]?.timestamp)).toBe(t);
    expect([toNumber(seq), toNumber(timestamp)]).toEqual([7, t]);
    expect(metrics?.[0]?.isHistorical).toBeFalsy();
  });

  test('quality, reason and device time are properties; history is marked', () => {
    const reading = { value: 7, quality: 'uncertain', reason: 'out-of-range', deviceTimeMs: t - 5 } as const;
    const { metrics } = decodePayload(encode(0, reading, { historical: true, properties: true }));
    expect(metrics?.[0]).toMatchObject({
      isHistorical: true,
      value: 7,
      properties: {
        Quality: { type: 'Int32', value: sparkplugQuality.uncertain },
        Reason: { type: 'String', value: 'out-of-range' },
        deviceTimeMs: { type: 'UInt64' },
      },
    });
    expect(toNumber(metrics?.[0]?.properties?.deviceTimeMs?.value)).toBe(t - 5);
  });

  test('any run of readings comes out as it went in, also when one payload is used again', () => {
    const payload = new DataPayload();
    const readings = fc.array(
      fc.record({
        value: fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constant(null)),
        wireTimeMs: fc.integer({ min: 0, max: 2 ** 43 }),
        properties: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(readings, fc.integer({ min: 0, max: 255 }), (wanted, seq) => {
        payload.begin(t);
        for (const { value, wireTimeMs, properties } of wanted)
          payload.add(points[0]!, { point: 'p', value, quality: 'good', wireTimeMs }, { ...plain, properties });
        const decoded = decodePayload(payload.end(seq));
        expect(toNumber(decoded.seq)).toBe(seq);
        expect(
          (decoded.metrics ?? []).map(({ value, timestamp, properties }) => ({
            value,
            wireTimeMs: toNumber(timestamp),
            properties: properties !== undefined && properties !== null,
          })),
        ).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });
});
