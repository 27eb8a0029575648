import { systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from '../../gateway/src/test-helpers/broker.ts';
import { FaultBed } from './fault-bed.ts';

const sensor = (id: string) =>
  ({
    id,
    profile: 'zigbee2mqtt/wsdcgq11lm',
    role: 'zone',
    transport: 'mqtt',
    connection: id,
    parameters: { 'friendly-name': id },
  }) as const;
/** Its messages carry a counter. */
const radio = {
  id: 'radio',
  profile: 'milesight/em300-th',
  role: 'zone',
  transport: 'mqtt',
  connection: 'radio',
  parameters: { 'application-id': '1', 'dev-eui': '24e124136b000001' },
} as const;
const ids = ['garbage', 'missing', 'types', 'duplicate', 'clock', 'retained', 'silent', 'invalid', 'loss', 'sound'];

describe('a fault of what a sensor publishes, over a real broker and the real driver', () => {
  let broker: TestBroker;
  let bed: FaultBed;

  beforeAll(async () => {
    broker = await startBroker();
    bed = new FaultBed([...ids.map(sensor), radio], broker.url);
    await bed.startDevices();
    bed.fault({ equipment: 'retained', fault: 'mqtt-retained' });
    await eventually(() => expect(bed.published('retained')).toBe(1));
    await bed.startGateway();
    for (const id of [...ids.filter((one) => one !== 'retained'), 'radio'])
      await eventually(() => expect(bed.last(id, 'temperature')?.quality, id).toBe('good'));
  });
  afterAll(async () => {
    await bed.stop();
    await broker.close();
  });

  /** The next `count` readings of a point. */
  async function next(equipment: string, point: string, count: number) {
    const from = bed.readings(equipment, point).length;
    return await eventually(() => {
      const since = bed.readings(equipment, point).slice(from);
      expect(since.length).toBeGreaterThanOrEqual(count);
      return since;
    });
  }
  const messages = async (connection: string, count: number): Promise<void> => {
    const from = bed.line(connection).messages;
    await eventually(() => expect(bed.line(connection).messages).toBeGreaterThanOrEqual(from + count));
  };

  test('broken JSON is counted and becomes no reading', async () => {
    bed.fault({ equipment: 'garbage', fault: 'mqtt-garbage' });
    await eventually(() => expect(bed.line('garbage').malformed).toBeGreaterThan(0));
    const from = bed.readings('garbage', 'temperature').length;
    await messages('garbage', 3);
    expect(bed.readings('garbage', 'temperature').length).toBe(from);
    expect(bed.untrue('garbage')).toEqual([]);
  });

  test('a field that is missing says nothing, and the others are read', async () => {
    bed.fault({ equipment: 'missing', fault: 'mqtt-missing', point: 'temperature' });
    await next('missing', 'humidity', 2);
    const from = bed.readings('missing', 'temperature').length;
    await next('missing', 'humidity', 3);
    expect(bed.readings('missing', 'temperature').length).toBe(from);
  });

  test('words in the place of a number are no number', async () => {
    bed.fault({ equipment: 'types', fault: 'mqtt-types', point: 'temperature' });
    await eventually(() =>
      expect(bed.last('types', 'temperature')).toMatchObject({ value: null, quality: 'bad', reason: 'device-error' }),
    );
    expect(bed.last('types', 'humidity')?.quality).toBe('good');
  });

  test('null is no value', async () => {
    bed.fault({ equipment: 'invalid', fault: 'wire-invalid', point: 'humidity' });
    await eventually(() => expect(bed.last('invalid', 'humidity')).toMatchObject({ value: null, quality: 'bad' }));
    expect(bed.last('invalid', 'temperature')?.quality).toBe('good');
  });

  test('what is published twice is one reading', async () => {
    bed.fault({ equipment: 'duplicate', fault: 'mqtt-duplicate' });
    await messages('duplicate', 8);
    const values = bed.readings('duplicate', 'temperature').map(({ value }) => value);
    expect(values.length).toBeGreaterThan(3);
    expect(values.filter((value, i) => value === values[i - 1])).toEqual([]);
  });

  test('a message that was overtaken is not taken for the present, where messages are counted', async () => {
    bed.fault({ equipment: 'radio', fault: 'mqtt-reorder' });
    await messages('radio', 8);
    const times = bed.readings('radio', 'temperature').map(({ deviceTimeMs }) => deviceTimeMs!);
    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('a clock that is a day behind moves no reading: its place is its time at the wire', async () => {
    bed.fault({ equipment: 'clock', fault: 'mqtt-clock' });
    const [, reading] = await next('clock', 'temperature', 2);
    expect(Math.abs(reading!.wireTimeMs - reading!.deviceTimeMs! - 86_400_000)).toBeLessThan(60_000);
    expect(Math.abs(reading!.wireTimeMs - systemClock.nowMs())).toBeLessThan(60_000);
  });

  test('a retained message is old until the sensor speaks', async () => {
    await eventually(() =>
      expect(bed.last('retained', 'temperature')).toMatchObject({ quality: 'uncertain', reason: 'stale' }),
    );
    bed.clear(bed.active('retained')[0]!);
    await eventually(() => expect(bed.last('retained', 'temperature')?.quality).toBe('good'));
  });

  test('a sensor that its bridge calls offline is gone at once, and back at once', async () => {
    const id = bed.fault({ equipment: 'silent', fault: 'wire-silence' });
    await eventually(() =>
      expect(bed.last('silent', 'temperature')).toMatchObject({ value: null, reason: 'comm-lost' }),
    );
    expect(bed.state('silent')).toBe('offline');
    bed.clear(id);
    await eventually(() => expect(bed.last('silent', 'temperature')?.quality).toBe('good'));
  });

  test('messages that get lost leave true ones', async () => {
    bed.fault({ equipment: 'loss', fault: 'wire-loss', severity: 0.5 });
    await next('loss', 'temperature', 3);
    expect(bed.untrue('loss')).toEqual([]);
  });

  test('whoever is sound is not touched by any of it', async () => {
    await next('sound', 'temperature', 2);
    expect(bed.untrue('sound')).toEqual([]);
    expect(bed.line('sound').malformed).toBe(0);
  });
});
