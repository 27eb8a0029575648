import { exceptionMeaning, saysUnitIsSilent } from '../../drivers/modbus/exceptions.ts';
import type { Reader } from './probe-line.ts';

export interface FoundUnit {
  unit: number;
  /** How it showed itself. */
  evidence: string;
  /** The first words that it gave, if any: alike everywhere when a device answers for every unit id. */
  words: readonly number[];
  tookMs: number | undefined;
}

/** Two registers: devices that answer register pairs only are among the commonest meters. */
const shortReads = [
  { table: 'holding', start: 0, count: 2 },
  { table: 'input', start: 0, count: 2 },
] as const;

/** Short reads at each unit id; any answer proves presence, an exception too, unless a gateway says that nobody is there. */
export async function scanUnits(
  reader: Reader,
  units: readonly number[],
  progress: (unit: number, found: number) => void,
): Promise<FoundUnit[]> {
  const found: FoundUnit[] = [];
  for (const unit of units) {
    progress(unit, found.length);
    const here = await scanUnit(reader, unit);
    if (here !== undefined) found.push(here);
  }
  return found;
}

async function scanUnit(reader: Reader, unit: number): Promise<FoundUnit | undefined> {
  for (const read of shortReads) {
    const answer = await reader.read({ unit, ...read });
    const place = `${read.table} ${read.start}+${read.count}`;
    if (answer.ok)
      return { unit, evidence: `answers ${place}`, words: [...answer.values], tookMs: Math.round(answer.tookMs) };
    const { failure } = answer;
    if (failure.kind === 'exception') {
      if (saysUnitIsSilent(failure.code)) return undefined;
      const evidence = `refuses ${place}: exception ${failure.code}, ${exceptionMeaning(failure.code)}`;
      return { unit, evidence, words: [], tookMs: undefined };
    }
    if (failure.kind === 'malformed')
      return { unit, evidence: `something answers, damaged: ${failure.message}`, words: [], tookMs: undefined };
  }
  return undefined;
}

/** A device on TCP that does not look at the unit id answers at every one of them, with the same words. */
export function ignoresUnitId(found: readonly FoundUnit[], asked: number): boolean {
  const [first] = found;
  if (first === undefined || found.length < 4 || found.length < asked) return false;
  return found.every((unit) => unit.evidence === first.evidence && unit.words.join() === first.words.join());
}
