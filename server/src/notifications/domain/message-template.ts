import {
  type ChannelKind,
  type Language,
  type MessageTemplate,
  type TemplateKey,
  templateParts,
  templatePlaceholders,
} from '@plantroom/contracts';
import type { FieldProblem } from './check-config.ts';
import { namesIn, templateProblem } from './placeholders.ts';
import { isAnswerable } from './recipients.ts';

const subject = '{{title}}';
const lines = {
  'zh-CN': '{{title}}\n地点：{{place}}\n时间：{{time}}\n数值：{{value}}\n处置：{{response}}\n确认告警：{{link}}',
  en: '{{title}}\nPlace: {{place}}\nTime: {{time}}\nValue: {{value}}\nResponse: {{response}}\nAcknowledge: {{link}}',
} satisfies Record<Language, string>;
/** Text messages are paid by length: no labels. */
const short = '{{title}} {{place}} {{time}} {{value}} {{response}} {{link}}';

/** What the built-in messages say, written as a template. */
export function defaultTemplate({ kind, language }: TemplateKey): MessageTemplate {
  const has = templateParts[kind];
  const text = kind === 'http' ? short : lines[language];
  return { subject: has.subject ? subject : null, text: has.text ? text : null };
}

export const templateId = ({ kind, language }: TemplateKey): string => `${kind}/${language}`;

/** The first thing that is wrong with it; null: nothing. */
export function messageTemplateProblem(kind: ChannelKind, template: MessageTemplate): FieldProblem | null {
  for (const field of ['subject', 'text'] as const) {
    const message = partProblem(kind, field, template[field]);
    if (message !== null) return { field, message };
  }
  return null;
}

function partProblem(kind: ChannelKind, field: keyof MessageTemplate, value: string | null): string | null {
  const has = templateParts[kind][field];
  if (value === null) return has ? `a message of kind ${kind} needs a ${field}` : null;
  if (!has) return `a message of kind ${kind} has no ${field}: allowed is null`;
  const problem = templateProblem(value, templatePlaceholders);
  if (problem !== null) return problem;
  if (/\{\{|\}\}/.test(value.replace(/\{\{[^{}]*\}\}/g, ''))) return `"${value}" has braces without their counterpart`;
  if (value.trim() === '') return 'it says nothing';
  if (field === 'subject') return /[\r\n]/.test(value) ? 'a subject is one line' : null;
  const names = namesIn(value);
  if (!names.includes('title') && !names.includes('name'))
    return 'it does not say which alarm it is: {{title}} or {{name}} is missing';
  if (isAnswerable(kind) && !names.includes('link'))
    return '{{link}} is missing: by it a person answers an alarm about life';
  return null;
}
