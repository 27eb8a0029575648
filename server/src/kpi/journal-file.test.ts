import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { type JournalRow, journalActions } from '@plantroom/contracts';
import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { type JournalFileOptions, journalFile } from './journal-file.ts';
import { journalActionWords } from './journal-words.ts';

const atMs = Date.UTC(2026, 10, 23, 6, 5, 9, 123);
const row = (more: Partial<JournalRow> = {}): JournalRow => ({
  seq: 7,
  alarm: 'hq/pump-1/discharge-pressure#low',
  equipment: 'hq/pump-1',
  name: { zh: '出水压力低', en: 'Discharge pressure low' },
  lifeSafety: false,
  occurrence: 'hq/pump-1/discharge-pressure#low@1.1',
  action: 'acknowledged',
  stateBefore: 'UNACK',
  stateAfter: 'ACKED',
  priority: 'high',
  atMs,
  recordedMs: atMs + 2_000,
  historical: false,
  user: 'li',
  comment: null,
  details: null,
  value: -12.5,
  ...more,
});
async function* portions(...rows: JournalRow[]): AsyncGenerator<JournalRow[]> {
  yield await Promise.resolve(rows);
}
const options = (rows: JournalRow[], more: Partial<JournalFileOptions> = {}): JournalFileOptions => ({
  format: 'csv',
  language: 'zh-CN',
  rows: portions(...rows),
  equipmentName: (id) => (id === 'hq/pump-1' ? { zh: '一号加压泵', en: 'Booster pump 1' } : undefined),
  zoneOf: () => 'Asia/Shanghai',
  ...more,
});
const bytes = (made: JournalFileOptions) => buffer(journalFile(made));
const columns = 20;

describe('the journal as CSV', () => {
  test('begins with a byte order mark, has lines of RFC 4180 and the words of the language', async () => {
    const file = await bytes(options([row()]));
    expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [heading, line, end, ...more] = file.toString('utf8').split('\r\n');
    expect(heading?.replace('\ufeff', '')).toBe(
      '序号,发生时间,记录时间,优先级,生命安全,事件,告警,设备,原状态,新状态,数值,操作人,备注,详情,事后补记,告警编号,设备编号,发生编号,发生时间（UTC）,记录时间（UTC）',
    );
    expect(line).toBe(
      '7,2026-11-23 14:05:09,2026-11-23 14:05:11,重要,否,确认,出水压力低,一号加压泵,未确认,已确认,-12.5,li,,,否,hq/pump-1/discharge-pressure#low,hq/pump-1,hq/pump-1/discharge-pressure#low@1.1,2026-11-23T06:05:09.123Z,2026-11-23T06:05:11.123Z',
    );
    expect([end, more]).toEqual(['', []]);
  });

  test('quotes, separators and line ends inside a text come back as they were', async () => {
    const comment = 'said "yes",\r\nthen; left\n';
    const file = await bytes(options([row({ comment })], { language: 'en' }));
    const records = parse(file, { bom: true }) as string[][];
    expect(records[1]?.[12]).toBe(comment);
    expect(records[1]?.slice(3, 10)).toEqual([
      'high',
      'no',
      'acknowledged',
      'Discharge pressure low',
      'Booster pump 1',
      'unacknowledged',
      'acknowledged',
    ]);
  });

  test.each(['=1+1', '+1', '-1', '@cmd', '\t=1', '\r=1', '＝1'])('%j is no formula', async (comment) => {
    const records = parse(await bytes(options([row({ comment, user: comment })])), { bom: true }) as string[][];
    expect(records[1]?.[12]).toBe(`'${comment}`);
    expect(records[1]?.[11]).toBe(`'${comment}`);
  });

  test('what has no name, no equipment and an unknown class is left empty or goes under its id', async () => {
    const rows = [
      row({ name: null, equipment: null, value: true }),
      row({ equipment: 'hq/x', value: null, user: null }),
    ];
    const records = parse(await bytes(options(rows)), { bom: true }) as string[][];
    expect(records[1]?.slice(6, 11)).toEqual(['', '', '未确认', '已确认', '是']);
    expect(records[2]?.slice(7, 12)).toEqual(['hq/x', '未确认', '已确认', '', '']);
  });
});

test('what an action says besides is told in words', async () => {
  const untilMs = Date.UTC(2026, 10, 23, 8);
  const shelved = row({ action: 'shelved', details: { mode: 'one-shot', untilMs } });
  const removed = row({ details: { workOrder: 'WO-000012', priorityBefore: 'low', withdrawn: true } });
  const told = async (language: 'zh-CN' | 'en') =>
    (parse(await bytes(options([shelved, removed], { language })), { bom: true }) as string[][])
      .slice(1)
      .map((record) => record[13]);
  expect(await told('zh-CN')).toEqual([
    '搁置方式：单次；至：2026-11-23 16:00:00',
    '工单：WO-000012；原优先级：提示；告警已取消',
  ]);
  expect(await told('en')).toEqual([
    'shelving: one shot; until: 2026-11-23 16:00:00',
    'work order: WO-000012; priority before: low; alarm withdrawn',
  ]);
});

describe('the journal as XLSX', () => {
  test('times are dates on the clock of the site, numbers are numbers, texts are no formulas', async () => {
    const file = await bytes(options([row({ comment: '=1+1' })], { format: 'xlsx', language: 'en' }));
    const [heading, line] = await readSheet(file);
    expect(heading?.slice(0, 4)).toEqual(['No.', 'Happened', 'Recorded', 'Priority']);
    expect(heading).toHaveLength(columns);
    const happened = line?.[1] as unknown as Date;
    expect(Math.abs(happened.getTime() - Date.UTC(2026, 10, 23, 14, 5, 9, 123))).toBeLessThan(1_000);
    expect([line?.[0], line?.[10], line?.[12]]).toEqual([7, -12.5, '=1+1']);
  });
});

test.each(['csv', 'xlsx'] as const)('%s: no more is read than is taken', async (format) => {
  let read = 0;
  async function* endless(): AsyncGenerator<JournalRow[]> {
    for (;;) {
      read++;
      yield await Promise.resolve(Array.from({ length: 1_000 }, (_, at) => row({ seq: at, comment: `${at * 7919}` })));
    }
  }
  const file = journalFile({ ...options([]), format, rows: endless() });
  const taken = file[Symbol.asyncIterator]();
  for (let chunk = 0; chunk < 3; chunk++) await taken.next();
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  expect(read).toBeLessThan(100);
  const before = read;
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  expect(read).toBe(before);
  file.destroy();
});

test('every action of the journal has a word in both languages', () => {
  expect(journalActions.filter((action) => journalActionWords[action] === undefined)).toEqual([]);
});
