import { type NotificationTemplate, type TemplatePreview, templateParts } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { previewTemplate, putNotification, removeNotification } from '../../api/notifications.ts';
import { EditorDrawer } from '../../components/editor-drawer.tsx';
import { SelectField, TextArea, TextField } from '../../components/form-fields.tsx';
import { Problem } from '../../components/states.tsx';
import { useAlarms } from '../../live/use-live.ts';
import { useLocalText } from '../../state/i18n.ts';
import { useRequest } from '../../state/use-request.ts';

interface Props {
  template: NotificationTemplate;
  onClose: () => void;
}

export function TemplateForm({ template, onClose }: Props) {
  const { t } = useTranslation();
  const { kind, language, isDefault } = template;
  const [subject, setSubject] = useState(template.subject ?? '');
  const [text, setText] = useState(template.text ?? '');
  const has = templateParts[kind];
  const draft = { subject: has.subject ? subject : null, text: has.text ? text : null };
  const path = `templates/${kind}/${language}`;
  return (
    <EditorDrawer
      title={`${t(`notify.kind.${kind}`)} · ${language === 'en' ? 'English' : '中文'}`}
      onClose={onClose}
      onSave={() => putNotification(path, draft)}
      onRemove={isDefault ? undefined : () => removeNotification(path)}
      removeLabel={t('notify.templateReset')}
    >
      {has.subject && (
        <TextField
          label={t('notify.templateSubject')}
          value={subject}
          onChange={setSubject}
          required
          testId="template-subject"
        />
      )}
      {has.text && (
        <TextArea
          label={t('notify.templateText')}
          hint={t('notify.templateTextHint')}
          value={text}
          onChange={setText}
          rows={8}
          testId="template-text"
        />
      )}
      <PreviewBox template={{ kind, language, ...draft }} />
    </EditorDrawer>
  );
}

function PreviewBox({ template }: { template: Omit<NotificationTemplate, 'isDefault'> }) {
  const { t } = useTranslation();
  const localText = useLocalText();
  const alarms = useAlarms();
  const [alarm, setAlarm] = useState('');
  const [shown, setShown] = useState<TemplatePreview | null>(null);
  const { busy, problem, run } = useRequest();
  const look = async () => {
    setShown(null);
    setShown(await previewTemplate({ ...template, ...(alarm === '' ? {} : { alarm }) }));
  };
  return (
    <div className="space-y-2 rounded border border-line p-3">
      <SelectField
        label={t('notify.templateAlarm')}
        value={alarm}
        options={[
          { value: '', label: t('notify.templateSample') },
          ...alarms.map(({ id, guidance }) => ({ value: id, label: `${localText(guidance.name)} · ${id}` })),
        ]}
        onChange={setAlarm}
      />
      <button
        type="button"
        className="button w-full"
        disabled={busy}
        onClick={() => void run(look)}
        data-testid="template-preview"
      >
        {t('notify.templatePreview')}
      </button>
      {shown !== null && (
        <div role="status" data-testid="template-shown">
          {shown.subject !== null && <p className="break-words font-medium">{shown.subject}</p>}
          {shown.text !== null && <p className="whitespace-pre-line break-words">{shown.text}</p>}
        </div>
      )}
      <Problem error={problem} />
    </div>
  );
}
