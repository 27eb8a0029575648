import { type NotificationTemplate, type TemplatePlaceholder, templatePlaceholders } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTemplates } from '../../api/notifications.ts';
import { Loaded } from '../../components/states.tsx';
import { NotificationPage } from './layout.tsx';
import { TemplateForm } from './template-form.tsx';

const keyOf = ({ kind, language }: NotificationTemplate): string => `${kind}/${language}`;
const inBraces = (name: TemplatePlaceholder): string => `{{${name}}}`;

/** What messages about one alarm say, by kind of channel and language. */
export default function TemplatesPage() {
  const { t } = useTranslation();
  const templates = useTemplates();
  const [open, setOpen] = useState<NotificationTemplate | null>(null);
  const drawer =
    open === null ? null : <TemplateForm key={keyOf(open)} template={open} onClose={() => setOpen(null)} />;
  return (
    <NotificationPage tab="templates" drawer={drawer}>
      <p className="mb-3 max-w-prose text-dim">{t('notify.templatesHint')}</p>
      <Loaded query={templates} what={t('notify.failed')} rows={6}>
        {(list) => (
          <ul className="grid gap-3 md:grid-cols-2">
            {list.map((template) => (
              <li key={keyOf(template)}>
                <button
                  type="button"
                  className="flex h-full w-full flex-col rounded border border-line bg-panel p-3 text-left hover:bg-raised"
                  onClick={() => setOpen(template)}
                  data-testid="template"
                  data-template={keyOf(template)}
                >
                  <span className="flex w-full flex-wrap items-baseline gap-2">
                    <strong>{t(`notify.kind.${template.kind}`)}</strong>
                    <span className="text-xs text-dim">{template.language === 'en' ? 'English' : '中文'}</span>
                    <span className="ml-auto text-xs text-dim">
                      {template.isDefault ? t('notify.templateBuiltIn') : t('notify.templateOwn')}
                    </span>
                  </span>
                  <span className="mt-1 block whitespace-pre-line break-words text-xs text-dim">
                    {[template.subject, template.text].filter((part) => part !== null).join('\n')}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <dl className="mt-4 grid max-w-2xl grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs" data-testid="placeholders">
        {templatePlaceholders.map((name) => (
          <div key={name} className="contents">
            <dt className="font-mono">{inBraces(name)}</dt>
            <dd className="text-dim">{t(`notify.placeholder.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </NotificationPage>
  );
}
