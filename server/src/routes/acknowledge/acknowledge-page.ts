import type { Language, LocalText } from '@plantroom/contracts';
import { textIn } from '@plantroom/contracts';

export interface AcknowledgePage {
  language: Language;
  outcome: 'ask' | 'done' | 'used' | 'expired' | 'acknowledged' | 'over' | 'unknown';
  /** What the alarm is; null: it may not be told. */
  alarm: { title: string; lines: readonly { label: string; text: string }[]; acknowledgedBy: string | null } | null;
  person: string | null;
}

const words: Record<AcknowledgePage['outcome'] | 'title' | 'button' | 'note' | 'as' | 'by', LocalText> = {
  title: { zh: '告警确认', en: 'Acknowledge alarm' },
  ask: { zh: '请确认你已知晓并将处置这条告警。', en: 'Confirm that you know of this alarm and will act on it.' },
  button: { zh: '确认告警', en: 'Acknowledge' },
  note: { zh: '备注（可不填）', en: 'Comment (optional)' },
  as: { zh: '确认人：', en: 'Acknowledged as: ' },
  by: { zh: '已由以下人员确认：', en: 'Acknowledged by: ' },
  done: { zh: '已确认。请按处置要求行动。', en: 'Acknowledged. Act as the response says.' },
  used: { zh: '此链接已使用过。', en: 'This link has been used.' },
  expired: { zh: '此链接已过期，请登录平台查看。', en: 'This link has expired; sign in to Plantroom.' },
  acknowledged: {
    zh: '这条告警已有人确认，无须再次确认；处置要求仍然有效。',
    en: 'Somebody has acknowledged this alarm already; what the response says still holds.',
  },
  over: { zh: '这条告警已经结束，无须确认。', en: 'This alarm is over and needs no acknowledgement.' },
  unknown: { zh: '链接无效。', en: 'This link is not valid.' },
};

const style =
  ':root{color-scheme:light dark;--bg:#e2e5e8;--panel:#f1f3f4;--ink:#1e2227;--dim:#444b52;--line:#c8cdd2}@media(prefers-color-scheme:dark){:root{--bg:#141619;--panel:#1d2024;--ink:#dde0e4;--dim:#abb1b9;--line:#383d43}}' +
  'body{margin:0;background:var(--bg);color:var(--ink);font:17px/1.5 "PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}main{max-width:34rem;margin:0 auto;padding:16px}' +
  'h1{font-size:1rem;font-weight:400;color:var(--dim);margin:0 0 12px}section{background:var(--panel);border:1px solid var(--line);border-top:4px solid #c4201a;border-radius:4px;padding:16px}h2{font-size:1.25rem;margin:0 0 12px}' +
  'dt{color:var(--dim);font-size:.85rem}dd{margin:0 0 8px;overflow-wrap:anywhere}label{display:block;color:var(--dim);font-size:.85rem;margin:8px 0}textarea{box-sizing:border-box;width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:8px}' +
  'button{width:100%;min-height:56px;font:inherit;font-weight:600;color:var(--bg);background:var(--ink);border:0;border-radius:4px}p[role=status]{font-weight:600}';

/** The whole page: no script, nothing fetched, so that it works on any phone and tells nobody that it was opened. */
export function acknowledgePage({ language, outcome, alarm, person }: AcknowledgePage): string {
  const say = (key: keyof typeof words): string => escapeHtml(textIn(words[key], language));
  const facts =
    alarm === null
      ? ''
      : `<h2>${escapeHtml(alarm.title)}</h2><dl>${alarm.lines.map(({ label, text }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`;
  const by = outcome !== 'ask' && alarm?.acknowledgedBy ? `<p>${say('by')}${escapeHtml(alarm.acknowledgedBy)}</p>` : '';
  const form =
    outcome === 'ask'
      ? `<form method="post"><p>${say('ask')}</p><label>${say('note')}<textarea name="comment" rows="2" maxlength="500"></textarea></label><button type="submit">${say('button')}</button><p>${say('as')}${escapeHtml(person ?? '')}</p></form>`
      : `<p role="status">${say(outcome)}</p>`;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${say('title')}</title><style>${style}</style></head><body><main><h1>${say('title')}</h1><section>${facts}${form}${by}</section></main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
