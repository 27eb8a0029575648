import { type OutgoingMessage, onlyItem } from '../domain/message.ts';
import {
  countsOf,
  floodLines,
  itemLines,
  itemTitle,
  plainLines,
  restText,
  type TextLine,
  titleOf,
} from '../domain/message-texts.ts';

const colours = { critical: '#c4201a', high: '#c45800', medium: '#947000', low: '#00768e' };

/** Inline styles only: mail readers keep nothing else. */
export function emailHtml(message: OutgoingMessage, top: number): string {
  const { items, language, template } = message;
  const own = onlyItem(message) !== null && template !== null;
  const counts = countsOf(message);
  const flood = floodLines(message);
  const shown = items.slice(0, top);
  const blocks = shown.map((item) => {
    const colour = item.kind === 'returned' ? '#444b52' : colours[item.facts.priority];
    const rows = itemLines(item, language).map(rowOf).join('');
    return `<div style="border-left:4px solid ${colour};padding:2px 0 2px 12px;margin:0 0 16px"><p style="margin:0 0 4px;font-weight:600">${escapeHtml(itemTitle(item, language))}</p><table style="border-collapse:collapse">${rows}</table></div>`;
  });
  const body =
    items.length === 0 || own
      ? plainLines(message)
          .slice(own ? 0 : 1)
          .map((line) => `<p>${linked(line)}</p>`)
      : [
          ...(flood.length === 0 ? [] : [`<table>${flood.map(rowOf).join('')}</table>`]),
          ...(counts === null ? [] : [`<p>${escapeHtml(counts)}</p>`]),
          ...blocks,
          ...(items.length > top ? [`<p>${escapeHtml(restText(items.length - top, language))}</p>`] : []),
        ];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(titleOf(message))}</title></head><body style="font:15px/1.5 'PingFang SC','Microsoft YaHei',sans-serif;color:#1e2227"><h1 style="font-size:18px">${escapeHtml(titleOf(message))}</h1>${body.join('')}</body></html>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Addresses in a line can be opened. */
function linked(line: string): string {
  return escapeHtml(line).replace(/https?:\/\/[^\s<>]+/g, (address) => `<a href="${address}">${address}</a>`);
}

function rowOf({ label, text }: TextLine): string {
  const value = escapeHtml(text);
  const shown = /^https?:\/\/\S+$/.test(text) ? `<a href="${value}">${value}</a>` : value;
  return `<tr><td style="color:#58606a;padding:0 12px 0 0;vertical-align:top;white-space:nowrap">${escapeHtml(label)}</td><td>${shown}</td></tr>`;
}
