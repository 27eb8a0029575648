import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';

export interface Row {
  /** As the person sees it in the file: 1 is the first. */
  line: number;
  cells: string[];
}

/** The lines of a list that say something: not empty, not a comment (#). Throws IMPORT_UNREADABLE. */
export async function readRows(file: string): Promise<Row[]> {
  const type = extname(file).toLowerCase();
  try {
    if (type === '.xlsx') return meaningful(await xlsxRows(file));
    if (type === '.csv' || type === '.tsv' || type === '.txt') return meaningful(csvRows(readFileSync(file)));
  } catch (error) {
    throw new PlantroomError('IMPORT_UNREADABLE', `"${file}" cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  throw new PlantroomError(
    'IMPORT_UNREADABLE',
    `"${file}" is of type "${type}"; allowed: .csv, .tsv, .txt, .xlsx (save an .xls as one of these)`,
  );
}

async function xlsxRows(file: string): Promise<Row[]> {
  const sheet = await readSheet(file);
  return sheet.map((cells, i) => ({
    line: i + 1,
    cells: cells.map((cell) => (cell === null ? '' : String(cell).trim())),
  }));
}

export function csvRows(bytes: Uint8Array): Row[] {
  const text = decodeText(bytes);
  const records = parse(text, {
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  // `lines` counts up to the end of the record; one whose cells hold line breaks began earlier.
  return records.map(({ record, info }) => ({
    line: info.lines - record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0),
    cells: record,
  }));
}

/** UTF-8 or UTF-16 as their marks say; without a mark UTF-8 if it is, else GB18030, in which Excel in China saves CSV. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    // The decoder takes the mark of UTF-8 away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** What stands most often in the first line. */
function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '';
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function meaningful(rows: Row[]): Row[] {
  return rows.filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]?.startsWith('#'));
}
