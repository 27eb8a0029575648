import {
  type Alarm,
  type Clock,
  channelKinds,
  languages,
  type MessageTemplate,
  type NotificationTemplate,
  priorityNumber,
  type TemplateKey,
  type TemplatePreview,
  type TemplatePreviewRequest,
} from '@plantroom/contracts';
import { appendAudit } from '../repositories/audit-repository.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';
import type { FieldProblem } from './domain/check-config.ts';
import { defaultTemplate, messageTemplateProblem, templateId } from './domain/message-template.ts';
import { renderTemplate } from './domain/message-texts.ts';
import { isAnswerable } from './domain/recipients.ts';
import type { NotificationBook } from './notification-book.ts';
import { NotificationRefusal } from './refusal.ts';

export interface MessageTemplatesOptions {
  book: NotificationBook;
  alarms: () => Iterable<Alarm>;
  factsOf: (alarm: Alarm) => AlarmFacts;
  clock: Clock;
}

/** What messages about one alarm say, for each kind of channel in each language: built in, or as the site has written it. */
export class MessageTemplates {
  readonly #options: MessageTemplatesOptions;

  constructor(options: MessageTemplatesOptions) {
    this.#options = options;
  }

  list(): NotificationTemplate[] {
    return channelKinds.flatMap((kind) => languages.map((language) => this.#view({ kind, language })));
  }

  async put(key: TemplateKey, template: MessageTemplate, user: string): Promise<NotificationTemplate> {
    refuse(messageTemplateProblem(key.kind, template));
    const { book, clock } = this.#options;
    const id = templateId(key);
    await book.change(async (db) => {
      const before = this.#view(key);
      await book.save(db, 'template', { id, ...template });
      const details = { before, after: template };
      const atMs = clock.nowMs();
      await appendAudit(db, { atMs, user, action: 'notification.template.set', subject: id, reason: null, details });
    });
    return this.#view(key);
  }

  /** Back to what is built in; nothing to do when it is. */
  async reset(key: TemplateKey, user: string): Promise<NotificationTemplate> {
    const { book, clock } = this.#options;
    const id = templateId(key);
    await book.change(async (db) => {
      const before = this.#view(key);
      if (before.isDefault) return;
      await book.remove(db, 'template', id);
      const action = 'notification.template.reset';
      await appendAudit(db, { atMs: clock.nowMs(), user, action, subject: id, reason: null, details: { before } });
    });
    return this.#view(key);
  }

  /** What it would say of an alarm; nothing is sent or kept. */
  preview({ kind, language, subject, text, alarm: id }: TemplatePreviewRequest): TemplatePreview {
    const template = { subject, text };
    refuse(messageTemplateProblem(kind, template));
    const { book, alarms, factsOf, clock } = this.#options;
    const all = [...alarms()];
    const alarm = id === undefined ? sampleOf(all) : all.find((each) => each.id === id);
    if (alarm === undefined)
      throw id === undefined
        ? new NotificationRefusal(409, 'NO_ALARM', 'the site has no alarm yet that could be shown')
        : new NotificationRefusal(400, 'INVALID_REQUEST', `no alarm "${id}"`, 'alarm');
    const facts = factsOf(alarm);
    const raised = alarm.activeMs === null ? { ...facts, atMs: clock.nowMs() } : facts;
    const address = book.config.settings.publicUrl ?? 'https://plantroom.example.com';
    const link = raised.lifeSafety && isAnswerable(kind) ? `${address.replace(/\/+$/, '')}/ack/…` : null;
    const shown = renderTemplate(template, { kind: 'alarm', facts: raised, link, now: null }, language);
    return { ...shown, alarm: alarm.id, name: facts.name };
  }

  #view(key: TemplateKey): NotificationTemplate {
    const own = this.#options.book.config.templates.get(templateId(key));
    const { subject, text } = own ?? defaultTemplate(key);
    return { ...key, subject, text, isDefault: own === undefined };
  }
}

/** The most serious that there is, one that stands before others: it shows all that a message may say. */
function sampleOf(alarms: readonly Alarm[]): Alarm | undefined {
  const weight = ({ lifeSafety, priority, state }: Alarm): number =>
    (lifeSafety ? 0 : 10 * priorityNumber[priority]) + (state === 'NORM' ? 1 : 0);
  return alarms.toSorted((a, b) => weight(a) - weight(b) || (a.id < b.id ? -1 : 1))[0];
}

function refuse(problem: FieldProblem | null): void {
  if (problem !== null) throw new NotificationRefusal(400, 'INVALID_REQUEST', problem.message, problem.field);
}
