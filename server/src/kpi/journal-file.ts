import { Readable } from 'node:stream';
import {
  type JournalFormat,
  type JournalRow,
  type Language,
  type LocalText,
  textIn,
  zoneOffsetMs,
} from '@plantroom/contracts';
import { stringify } from 'csv-stringify/sync';
import { type CellValue, writeXlsxStream } from 'hucre/xlsx';
import {
  alarmStateWords,
  detailWords,
  type JournalColumn,
  journalActionWords,
  journalHeadings,
  noWord,
  priorityWords,
  shelvingModeWords,
  yesWord,
} from './journal-words.ts';

export interface JournalFileOptions {
  format: JournalFormat;
  language: Language;
  /** Oldest first, in portions. */
  rows: AsyncIterable<readonly JournalRow[]>;
  equipmentName: (equipment: string) => LocalText | undefined;
  /** IANA zone of the site that an alarm is of. */
  zoneOf: (alarm: string) => string;
}

type Cell = number | string | null;

/**
 * The journal as a stream of bytes: CSV by RFC 4180, or one sheet of XLSX (several above Excel's million rows). It is made as it is read, so
 * memory does not grow with it. CSV begins with a byte order mark, without which Excel takes Chinese for another encoding; what a
 * spreadsheet would take for a formula gets an apostrophe before it (in XLSX a text is never a formula).
 */
export function journalFile(options: JournalFileOptions): Readable {
  return options.format === 'csv' ? csvFile(options) : xlsxFile(options);
}

const columns = Object.keys(journalHeadings) as JournalColumn[];
const dates: readonly JournalColumn[] = ['happened', 'recorded'];
const headingsOf = (language: Language): string[] => columns.map((column) => textIn(journalHeadings[column], language));

function csvFile(options: JournalFileOptions): Readable {
  const lines = (records: Cell[][], bom: boolean): string =>
    stringify(records, {
      bom,
      record_delimiter: 'windows',
      escape_formulas: true,
      // A number is what it says, however it begins.
      cast: { number: (value) => ({ value: String(value), escape_formulas: false }) },
    });
  async function* text(): AsyncGenerator<string> {
    yield lines([headingsOf(options.language)], true);
    for await (const rows of options.rows)
      yield lines(
        rows.map((row) => cellsOf(row, options, localText)),
        false,
      );
  }
  return Readable.from(text(), { objectMode: false });
}

function xlsxFile(options: JournalFileOptions): Readable {
  async function* cells(): AsyncGenerator<CellValue[]> {
    for await (const rows of options.rows) for (const row of rows) yield cellsOf(row, options, excelDate);
  }
  const headings = headingsOf(options.language);
  const sheet = writeXlsxStream(cells(), {
    name: textIn({ zh: '告警记录', en: 'Alarm journal' }, options.language),
    columns: columns.map((column, at) => ({
      header: headings[at] ?? column,
      width: widths[column] ?? 14,
      ...(dates.includes(column) ? { numFmt: 'yyyy-mm-dd hh:mm:ss' } : {}),
    })),
    freezePane: { rows: 1 },
  });
  return Readable.fromWeb(sheet as Parameters<typeof Readable.fromWeb>[0]);
}

const widths: Partial<Record<JournalColumn, number>> = {
  seq: 9,
  happened: 20,
  recorded: 20,
  name: 30,
  equipment: 24,
  comment: 40,
  alarmId: 48,
  occurrence: 56,
  happenedUtc: 26,
  recordedUtc: 26,
};

type LocalTime = (ms: number, timeZone: string) => Cell;

/** 2026-11-23 14:05:09 on the clock of the site. */
const localText: LocalTime = (ms, timeZone) =>
  new Date(ms + zoneOffsetMs(ms, timeZone)).toISOString().slice(0, 19).replace('T', ' ');

/** Days since the end of 1899, as Excel counts; it knows no zones, so this is what the clock of the site showed. */
const excelDate: LocalTime = (ms, timeZone) => (ms + zoneOffsetMs(ms, timeZone)) / 86_400_000 + 25_569;

function cellsOf(row: JournalRow, { language, equipmentName, zoneOf }: JournalFileOptions, local: LocalTime): Cell[] {
  const words = (text: LocalText | undefined): string | undefined =>
    text === undefined ? undefined : textIn(text, language);
  const yesNo = (value: boolean): string => textIn(value ? yesWord : noWord, language);
  const zone = zoneOf(row.alarm);
  const cells: Record<JournalColumn, Cell> = {
    seq: row.seq,
    happened: local(row.atMs, zone),
    recorded: local(row.recordedMs, zone),
    priority: textIn(priorityWords[row.priority], language),
    lifeSafety: yesNo(row.lifeSafety),
    action: words(journalActionWords[row.action]) ?? row.action,
    name: row.name === null ? '' : textIn(row.name, language),
    equipment: row.equipment === null ? '' : (words(equipmentName(row.equipment)) ?? row.equipment),
    stateBefore: words(alarmStateWords[row.stateBefore]) ?? row.stateBefore,
    stateAfter: words(alarmStateWords[row.stateAfter]) ?? row.stateAfter,
    value: typeof row.value === 'boolean' ? yesNo(row.value) : row.value,
    user: row.user,
    comment: row.comment,
    details: detailsText(row.details, language, (ms) => String(localText(ms, zone))),
    historical: yesNo(row.historical),
    alarmId: row.alarm,
    equipmentId: row.equipment,
    occurrence: row.occurrence,
    happenedUtc: new Date(row.atMs).toISOString(),
    recordedUtc: new Date(row.recordedMs).toISOString(),
  };
  return columns.map((column) => cells[column]);
}

/** `until: 2026-11-23 16:00:00; work order: WO-000012` */
function detailsText(details: JournalRow['details'], language: Language, local: (ms: number) => string): string {
  if (details === null) return '';
  const chinese = language === 'zh-CN';
  return (Object.keys(detailWords) as (keyof typeof detailWords)[])
    .flatMap((key) => {
      const value = details[key];
      if (value === undefined) return [];
      const name = textIn(detailWords[key], language);
      if (value === true) return [name];
      const shown =
        typeof value === 'number'
          ? local(value)
          : key === 'mode' && details.mode !== undefined
            ? textIn(shelvingModeWords[details.mode], language)
            : key === 'priorityBefore' && details.priorityBefore !== undefined
              ? textIn(priorityWords[details.priorityBefore], language)
              : key === 'flood'
                ? String(details.flood?.alarms ?? '')
                : value;
      return [`${name}${chinese ? '：' : ': '}${shown}`];
    })
    .join(chinese ? '；' : '; ');
}
