import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineDecoder } from './decode-lines.ts';
import { parseLine, parseSeries } from './line-protocol-parser.ts';
import { linesOf } from './lines-of.ts';
import type { Precision } from './precision.ts';

describe('line protocol, by the examples of its specification', () => {
  test('measurement, tags, fields and timestamp', () => {
    const line = parseLine('myMeasurement,tag1=value1,tag2=value2 fieldKey="fieldValue",n=1.5 1556813561098000000');
    expect(line.fields).toEqual([
      ['fieldKey', 'fieldValue'],
      ['n', 1.5],
    ]);
    expect(line.timestamp).toBe('1556813561098000000');
    const { measurement, tags } = parseSeries(line.series);
    expect(measurement).toBe('myMeasurement');
    expect([...tags]).toEqual([
      ['tag1', 'value1'],
      ['tag2', 'value2'],
    ]);
  });

  test('escaped commas, spaces and equals signs', () => {
    const line = parseLine(
      'my\\ Mea\\,s,tag\\ Key\\=1=tag\\,Value field\\ Key="string value, \\"quoted\\" \\\\ = x" 1',
    );
    const { measurement, tags } = parseSeries(line.series);
    expect(measurement).toBe('my Mea,s');
    expect([...tags]).toEqual([['tag Key=1', 'tag,Value']]);
    expect(line.fields).toEqual([['field Key', 'string value, "quoted" \\ = x']]);
  });

  test.each([
    ['1', 1],
    ['-1.5e+3', -1500],
    ['.5', 0.5],
    ['12i', 12],
    ['-12i', -12],
    ['12u', 12],
    ['-.5', -0.5],
    ['5.', 5],
    ['007i', 7],
    ['1e+05', 100_000],
    ['9223372036854775807i', 2 ** 63],
    ['-9223372036854775808i', -(2 ** 63)],
    ['18446744073709551615u', 2 ** 64],
    ['t', true],
    ['TRUE', true],
    ['F', false],
    ['false', false],
  ])('the value %s', (text, value) => {
    expect(parseLine(`m f=${text}`).fields).toEqual([['f', value]]);
  });

  test.each([
    ['cpu load', 'invalid field format'],
    ['cpu', 'missing fields'],
    ['cpu ', 'missing fields'],
    [',a=b f=1', 'missing measurement'],
    ['cpu f=', 'missing field value'],
    ['cpu =1', 'missing field key'],
    ['cpu f=1x', 'invalid number'],
    ['cpu f=NaN', 'invalid number'],
    ['cpu f=-i', 'invalid number'],
    ['cpu f=1e999', 'invalid float'],
    ['cpu f=9223372036854775808i', 'value out of range'],
    ['cpu f=-1u', 'invalid number'],
    ['cpu f=+1', 'invalid number'],
    ['cpu f=1e3i', 'invalid number'],
    ['cpu f=18446744073709551616u', 'value out of range'],
    ['cpu f="a"b', 'unbalanced quotes'],
    ['cpu f="a"="b"', 'unbalanced quotes'],
    ['cpu f=a"', 'invalid number'],
    ['cpu f=1,', 'missing field key'],
    ['cpu f=1, g=2', 'missing field key'],
    ['cpu f=1,,g=2', 'missing field key'],
    ['cpu f=1,g', 'invalid field format'],
    ['cpu f=1=2', 'invalid number'],
    ['cpu f=1 5 6', 'bad timestamp'],
    ['cpu f=1 5\t', 'bad timestamp'],
    ['cpu f=1 1.5', 'bad timestamp'],
    ['cpu f=1 +5', 'bad timestamp'],
    ['cpu f\\=1', 'invalid field format'],
    ['cpu,a=b=c f=1', 'invalid tag format'],
    ['cpu,a=b\\\\ f=1', 'missing fields'],
    ['cpu f=tru', 'invalid boolean'],
    ['cpu f="open', 'unbalanced quotes'],
    ['cpu f=1 soon', 'bad timestamp'],
    ['cpu,a f=1', 'missing tag value'],
    ['cpu,=b f=1', 'missing tag key'],
    ['cpu,a=1,a=2 f=1', 'duplicate tags'],
  ])('%s is refused: %s', async (line, why) => {
    const { refused, samples } = await new LineDecoder().decode(line, { precision: 'ms', nowMs: 0 });
    expect(samples).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.message).toContain(`unable to parse '${line}': `.replace(/^cpu $/, 'cpu'));
    expect(refused[0]!.message).toContain(why);
  });

  test('a backslash escapes no other one outside strings, and quotes are letters there', () => {
    expect(parseSeries(parseLine('m\\\\x,a="q" f=1').series)).toEqual({
      measurement: 'm\\\\x',
      tags: new Map([['a', '"q"']]),
    });
    expect(parseLine('m f"g=1,"h"=2 7')).toMatchObject({
      fields: [
        ['f"g', 1],
        ['"h"', 2],
      ],
      timestamp: '7',
    });
    expect([...linesOf('m f"g=1\nm f=2')].map(([line]) => line)).toEqual(['m f"g=1', 'm f=2']);
  });

  test('comments, empty lines, carriage returns and newlines in strings; numbers count every line', () => {
    const body = '# head\n\nm a=1\r\n  m b="two\nlines",c=3\nm d=4';
    expect([...linesOf(body)]).toEqual([
      ['m a=1', 3],
      ['m b="two\nlines",c=3', 4],
      ['m d=4', 6],
    ]);
  });

  test('a quote that is never closed spoils its own line only', async () => {
    const { refused, samples } = await new LineDecoder().decode('m a="x\nm b=1', { precision: 'ms', nowMs: 5 });
    expect(refused.map(({ line }) => line)).toEqual([1]);
    expect(samples).toHaveLength(1);
  });

  test('whatever is escaped by the rules is read back as it was', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 }).filter((s) => !/[\\\n\r#]/.test(s) && s.trim() === s);
    const escaped = (s: string, what: RegExp) => s.replace(what, (c) => `\\${c}`);
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.string().filter((s) => !s.includes('\r')),
        (measurement, tag, field, value) => {
          const tagText = escaped(tag, /[,= ]/g);
          const line = `${escaped(measurement, /[, ]/g)},t=${tagText} ${escaped(field, /[,= "]/g).replaceAll('\\"', '"')}="${escaped(value, /["\\]/g)}" 7`;
          if (field.includes('"') || measurement.includes('"') || tag.includes('"')) return;
          const lines = [...linesOf(line)];
          expect(lines).toHaveLength(1);
          const parsed = parseLine(lines[0]![0]);
          expect(parseSeries(parsed.series)).toEqual({ measurement, tags: new Map([['t', tag]]) });
          expect(parsed.fields).toEqual([[field, value]]);
        },
      ),
    );
  });
});

describe('what lines become', () => {
  const decode = (body: string, precision: Precision = 'ms') =>
    new LineDecoder().decode(body, { precision, nowMs: 42 });

  test('tags site and equipment and the field name the point', async () => {
    expect((await decode('pump,site=hq,equipment=p-1 flow=12.5,running=t 1000')).samples).toEqual([
      { point: 'hq/p-1/flow', timeMs: 1000, value: 12.5 },
      { point: 'hq/p-1/running', timeMs: 1000, value: 1 },
    ]);
  });

  test('quality lines are quality changes', async () => {
    const line = 'point_quality,site=hq,equipment=p-1,point=flow code=0,reason="comm-lost" 1000';
    expect((await decode(line)).quality).toEqual([
      { point: 'hq/p-1/flow', timeMs: 1000, code: 0, reason: 'comm-lost' },
    ]);
    expect((await decode('point_quality,site=hq,equipment=p-1 code=0 1')).refused[0]?.message).toContain(
      'needs tag "point"',
    );
    expect((await decode('point_quality,site=hq,equipment=p-1,point=a code=7 1')).refused[0]?.message).toContain(
      'field "code" is 7; allowed: 0, 192, 500',
    );
  });

  test('lines of Telegraf and Home Assistant are kept under slugs; their texts are not', async () => {
    const { samples, texts } = await decode(
      'cpu,cpu=cpu0,host=Web-1 usage_idle=99.5,model="x" 1\n°C,domain=sensor,entity_id=living_temp value=21.5 1',
    );
    expect(texts).toBe(1);
    expect(samples.map(({ point }) => point.replace(/[0-9a-f]{8}/, '#'))).toEqual([
      'external/web-1/cpu.cpu0.usage_idle',
      'external/living_temp/c-#.sensor.value',
    ]);
  });

  test.each<[string, Precision, number]>([
    ['1556813561098765432', 'ns', 1_556_813_561_098],
    ['1556813561098765432', 'n', 1_556_813_561_098],
    ['1556813561098765', 'us', 1_556_813_561_098],
    ['1556813561098765', 'u', 1_556_813_561_098],
    ['1556813561098', 'ms', 1_556_813_561_098],
    ['1556813561', 's', 1_556_813_561_000],
    ['25946892', 'm', 1_556_813_520_000],
    ['432448', 'h', 1_556_812_800_000],
    ['5', 'ns', 0],
    ['9223372036854775807', 'ns', 9_223_372_036_854],
  ])('the time %s in %s is cut to whole ms', async (digits, precision, timeMs) => {
    expect((await decode(`m f=1 ${digits}`, precision)).samples[0]?.timeMs).toBe(timeMs);
  });

  test("a line without a time has the server's; one outside the range is refused", async () => {
    expect((await decode('m f=1')).samples[0]?.timeMs).toBe(42);
    for (const digits of ['-5', '9223372036855'])
      expect((await decode(`m f=1 ${digits}`)).refused[0]?.message).toContain(
        'time outside range 0 - 9223372036854 ms',
      );
  });

  test('the name of the time column is no field and no tag', async () => {
    expect((await decode('m f=1,time=2 5')).samples).toHaveLength(1);
    expect((await decode('m time=2 5')).refused[0]?.message).toContain('invalid field name: input field "time"');
    expect((await decode('m,time=x f=2 5')).refused[0]?.message).toContain('invalid tag key: input tag "time"');
  });

  test('only the lines with bytes that are no UTF-8 are refused', async () => {
    const body = Buffer.from('m f=1 1\nm,a=\xff f=1 2\nm f=1 3', 'latin1').toString('utf8');
    const decoded = await new LineDecoder().decode(body, { precision: 'ms', nowMs: 42, damaged: true });
    expect(decoded.samples.map(({ timeMs }) => timeMs)).toEqual([1, 3]);
    expect(decoded.refused).toMatchObject([{ line: 2, message: expect.stringContaining('invalid UTF-8') }]);
  });

  test('a body of nonsense is counted whole and told in part', async () => {
    const decoded = await decode('nonsense\n'.repeat(5000));
    expect(decoded.refusedLines).toBe(5000);
    expect(decoded.refused).toHaveLength(100);
  });
});
