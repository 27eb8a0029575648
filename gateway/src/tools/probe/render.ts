import { unit } from '@plantroom/contracts';
import { byteOrders } from '@plantroom/device-profiles';
import { textTable } from '../../config/text-table.ts';
import { isBitTable } from '../../drivers/modbus/request.ts';
import type { Guesses } from './guess.ts';
import { asF32, asS16, asS32, asText, asU32 } from './interpret.ts';
import { type RegisterMap, stretches } from './map-registers.ts';
import type { FoundUnit } from './scan-units.ts';
import type { Suggestion } from './suggest-profile.ts';

const right = true;

export function renderUnits(found: readonly FoundUnit[], asked: number): string {
  if (found.length === 0)
    return `None of ${asked} unit ids answers. Look at A and B swapped, baud rate and parity, the unit id itself, and the time-out.\n`;
  const rows = found.map(({ unit: id, tookMs, evidence }) => [
    String(id),
    tookMs === undefined ? '' : `${tookMs} ms`,
    evidence,
  ]);
  const table = textTable(
    [{ title: 'unit', right }, { title: 'answers in', right }, { title: 'how it showed itself' }],
    rows,
  );
  return `${found.length} of ${asked} unit ids answer:\n${table.map((text) => `  ${text}\n`).join('')}`;
}

export function renderMap(unitId: number, map: RegisterMap, guesses: Guesses): string {
  const { range, words } = map;
  const lines = [
    `Unit ${unitId}, ${range.table} ${range.start} to ${range.start + range.count - 1}: ${words.size} of ${range.count} exist, ${map.requests} requests`,
  ];
  const parts = stretches([...words.keys()], 65_536);
  if (words.size > 0 && words.size < range.count)
    lines.push(
      `  exist: ${parts.map(({ start, count }) => (count === 1 ? start : `${start}-${start + count - 1}`)).join(', ')}`,
    );
  if (map.tooLong !== undefined)
    lines.push(
      `  reads of ${map.tooLong} and more are refused, ${map.longest} are answered: maxRegisters: ${map.longest}`,
    );
  if (map.cut) lines.push('  given up before the end: the unit stayed silent, or it took too many requests');
  if (words.size === 0) return `${lines.join('\n')}\n`;
  if (isBitTable(range.table)) {
    for (const { start, count } of parts)
      lines.push(`  ${start}: ${Array.from({ length: count }, (_, i) => words.get(start + i) ?? 0).join('')}`);
    return `${lines.join('\n')}\n`;
  }
  lines.push(
    '',
    ...renderDump(map).map((text) => `  ${text}`),
    '',
    ...renderGuesses(guesses).map((text) => `  ${text}`),
  );
  return `${lines.join('\n')}\n`;
}

/** Each register alone, and with the one after it as 32 bits in every order. */
function renderDump({ words }: RegisterMap): string[] {
  const rows = [...words]
    .sort(([a], [b]) => a - b)
    .map(([address, word]) => {
      const next = words.get(address + 1);
      const pair =
        next === undefined
          ? byteOrders.map(() => '')
          : byteOrders.map((order) => shortNumber(asF32(word, next, order)));
      const wide =
        next === undefined
          ? ['', '', '']
          : [asU32(word, next, 'ABCD'), asU32(word, next, 'CDAB'), asS32(word, next, 'ABCD')].map(String);
      return [
        String(address),
        word.toString(16).toUpperCase().padStart(4, '0'),
        String(word),
        String(asS16(word)),
        asText(word) ?? '',
        ...wide,
        ...pair,
      ];
    });
  return textTable(
    [
      { title: 'address', right },
      { title: 'hex', right },
      { title: 'u16', right },
      { title: 's16', right },
      { title: 'text' },
      { title: 'u32', right },
      { title: 'u32 CDAB', right },
      { title: 's32', right },
      ...byteOrders.map((order) => ({ title: `f32 ${order}`, right })),
    ],
    rows,
  );
}

function renderGuesses({ guesses, orders }: Guesses): string[] {
  const order =
    orders.length === 0
      ? 'Word order: nothing here looks like 32-bit floats'
      : `Word order: ${orders.map(({ order: name, plausible }) => `${name} ${plausible}`).join(', ')} (pairs that make a sane float)`;
  const rows = guesses
    .filter(({ value, reasons }) => reasons.length > 0 || value !== 0)
    .map(({ address, type, order: own, value, score, reasons }) => [
      String(address),
      own === undefined ? type : `${type} ${own}`,
      typeof value === 'number' ? shortNumber(value) : value,
      score.toFixed(1),
      reasons.join('; '),
    ]);
  return [
    order,
    ...textTable(
      [
        { title: 'address', right },
        { title: 'guess' },
        { title: 'value', right },
        { title: 'score', right },
        { title: 'because' },
      ],
      rows,
    ),
  ];
}

const shownSuggestions = 3;

export function renderSuggestions(unitId: number, suggestions: readonly Suggestion[]): string {
  const fitting = suggestions.filter(({ bits }) => bits > 0);
  if (fitting.length === 0) return `Unit ${unitId}: no profile fits what it answers\n`;
  const lines = [`Unit ${unitId}: ${fitting.length} of ${suggestions.length} profiles fit`];
  for (const [i, suggestion] of fitting.slice(0, shownSuggestions).entries()) {
    const { profile, vendor, model, bits, evidence, asked } = suggestion;
    const fits = evidence.filter((point) => point.bits > 0);
    const against = evidence.filter((point) => point.bits < 0);
    lines.push(
      `  ${i + 1}. ${profile} (${vendor} ${model}): ${fits.length} of ${asked} points make sense, ${against.length} do not, ${asked - fits.length - against.length} are zero; score ${bits.toFixed(0)}`,
    );
    if (fits.length > 0)
      lines.push(
        `     for:     ${fits
          .slice(0, 6)
          .map((p) => `${p.point} ${valueText(p)}`)
          .join(', ')}`,
      );
    if (against.length > 0)
      lines.push(
        `     against: ${against
          .slice(-4)
          .map((p) => `${p.point} ${p.value === null ? '' : `${valueText(p)} `}(${p.why})`)
          .join(', ')}`,
      );
  }
  return `${lines.join('\n')}\n`;
}

function valueText({ value, unit: name }: Suggestion['evidence'][number]): string {
  const { symbol } = unit(name);
  return `${typeof value === 'number' ? shortNumber(value) : String(value)}${symbol === '' ? '' : ` ${symbol}`}`;
}

function shortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e10) return String(value);
  return Math.abs(value) >= 1e7 || Math.abs(value) < 1e-3
    ? value.toExponential(1)
    : String(Number(value.toPrecision(6)));
}
