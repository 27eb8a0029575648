import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineDecoder } from './decode-lines.ts';
import { linesOf, parseLine, parseSeries } from './line-protocol-parser.ts';

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
    ['cpu f=tru', 'invalid boolean'],
    ['cpu f="open', 'unbalanced quotes'],
    ['cpu f=1 soon', 'bad timestamp'],
    ['cpu,a f=1', 'missing tag value'],
    ['cpu,=b f=1', 'missing tag key'],
    ['cpu,a=1,a=2 f=1', 'duplicate tags'],
  ])('%s is refused: %s', (line, why) => {
    const { refused, samples } = new LineDecoder().decode(line, { precision: 'ms', nowMs: 0 });
    expect(samples).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.message).toContain(`unable to parse '${line}': `.replace(/^cpu $/, 'cpu'));
    expect(refused[0]!.message).toContain(why);
  });

  test('comments, empty lines, carriage returns and newlines in strings; numbers count every line', () => {
    const body = '# head\n\nm a=1\r\n  m b="two\nlines",c=3\nm d=4';
    expect([...linesOf(body)]).toEqual([
      ['m a=1', 3],
      ['m b="two\nlines",c=3', 4],
      ['m d=4', 6],
    ]);
  });

  test('a quote that is never closed spoils its own line only', () => {
    const { refused, samples } = new LineDecoder().decode('m a="x\nm b=1', { precision: 'ms', nowMs: 5 });
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
  const decode = (body: string, precision: 'ns' | 'us' | 'ms' | 's' = 'ms') =>
    new LineDecoder().decode(body, { precision, nowMs: 42 });

  test('tags site and equipment and the field name the point', () => {
    expect(decode('pump,site=hq,equipment=p-1 flow=12.5,running=t 1000').samples).toEqual([
      { point: 'hq/p-1/flow', timeMs: 1000, value: 12.5 },
      { point: 'hq/p-1/running', timeMs: 1000, value: 1 },
    ]);
  });

  test('quality lines are quality changes', () => {
    const line = 'point_quality,site=hq,equipment=p-1,point=flow code=0,reason="comm-lost" 1000';
    expect(decode(line).quality).toEqual([{ point: 'hq/p-1/flow', timeMs: 1000, code: 0, reason: 'comm-lost' }]);
    expect(decode('point_quality,site=hq,equipment=p-1 code=0 1').refused[0]?.message).toContain('needs tag "point"');
    expect(decode('point_quality,site=hq,equipment=p-1,point=a code=7 1').refused[0]?.message).toContain(
      'field "code" is 7; allowed: 0, 192, 500',
    );
  });

  test('lines of Telegraf and Home Assistant are kept under slugs; their texts are not', () => {
    const { samples, texts } = decode(
      'cpu,cpu=cpu0,host=Web-1 usage_idle=99.5,model="x" 1\n°C,domain=sensor,entity_id=living_temp value=21.5 1',
    );
    expect(texts).toBe(1);
    expect(samples.map(({ point }) => point.replace(/[0-9a-f]{8}/, '#'))).toEqual([
      'external/web-1/cpu.cpu0.usage_idle',
      'external/living_temp/c-#.sensor.value',
    ]);
  });

  test('all precisions, and server time without a timestamp', () => {
    const at = (digits: string, precision: 'ns' | 'us' | 'ms' | 's') =>
      decode(`m f=1 ${digits}`, precision).samples[0]?.timeMs;
    expect(at('1556813561098765432', 'ns')).toBe(1_556_813_561_098);
    expect(at('1556813561098765', 'us')).toBe(1_556_813_561_098);
    expect(at('1556813561098', 'ms')).toBe(1_556_813_561_098);
    expect(at('1556813561', 's')).toBe(1_556_813_561_000);
    expect(at('5', 'ns')).toBe(0);
    expect(decode('m f=1').samples[0]?.timeMs).toBe(42);
    expect(decode('m f=1 -5').refused).toHaveLength(1);
  });
});
