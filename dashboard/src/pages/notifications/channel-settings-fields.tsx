import { type ChannelSettings, mentionChoices, providerContentTypes } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SelectField, TextArea, TextField } from '../../components/form-fields.tsx';

interface Props<T = ChannelSettings> {
  settings: T;
  onChange: (settings: ChannelSettings) => void;
}
type Of<K extends ChannelSettings['kind']> = Extract<ChannelSettings, { kind: K }>;
const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

/** What each kind of channel needs to know. */
export function ChannelSettingsFields({ settings, onChange }: Props) {
  const { t } = useTranslation();
  switch (settings.kind) {
    case 'email':
      return <EmailFields settings={settings} onChange={onChange} />;
    case 'webhook':
      return (
        <TextField
          label={t('notify.url')}
          value={settings.url}
          onChange={(url) => onChange({ ...settings, url })}
          required
          testId="channel-url"
        />
      );
    case 'wecom':
    case 'dingtalk':
    case 'feishu':
      return <RobotFields settings={settings} onChange={onChange} />;
    case 'http':
      return <ProviderFields settings={settings} onChange={onChange} />;
  }
}

function EmailFields({ settings, onChange }: Props<Of<'email'>>) {
  const { t } = useTranslation();
  const setUsername = (username: string) => {
    const { username: _, ...rest } = settings;
    onChange(username === '' ? rest : { ...rest, username });
  };
  return (
    <>
      <div className="grid grid-cols-[1fr_6rem] gap-3">
        <TextField
          label={t('notify.smtpHost')}
          value={settings.host}
          onChange={(host) => onChange({ ...settings, host })}
          required
        />
        <TextField
          label={t('notify.smtpPort')}
          type="number"
          value={String(settings.port)}
          onChange={(port) => onChange({ ...settings, port: Number(port) })}
        />
      </div>
      <SelectField
        label={t('notify.smtpSecurity')}
        value={settings.security}
        options={(['tls', 'starttls', 'none'] as const).map((value) => ({
          value,
          label: t(`notify.security.${value}`),
        }))}
        onChange={(security) => onChange({ ...settings, security: security as typeof settings.security })}
      />
      <TextField
        label={t('notify.smtpFrom')}
        value={settings.from}
        onChange={(from) => onChange({ ...settings, from })}
        required
        placeholder="alarms@example.com"
      />
      <TextField label={t('notify.smtpUser')} value={settings.username ?? ''} onChange={setUsername} />
    </>
  );
}

function RobotFields({ settings, onChange }: Props<Of<'wecom'> | Of<'dingtalk'> | Of<'feishu'>>) {
  const { t } = useTranslation();
  const setOptional = (key: 'baseUrl' | 'keyword', value: string) => {
    const rest = Object.fromEntries(Object.entries(settings).filter(([each]) => each !== key));
    onChange((value === '' ? rest : { ...rest, [key]: value }) as ChannelSettings);
  };
  return (
    <>
      <SelectField
        label={t('notify.mentionAll')}
        value={settings.mentionAll}
        options={mentionChoices.map((value) => ({ value, label: t(`notify.mention.${value}`) }))}
        onChange={(mentionAll) => onChange({ ...settings, mentionAll: mentionAll as typeof settings.mentionAll })}
      />
      {settings.kind !== 'wecom' && (
        <TextField
          label={t('notify.keyword')}
          value={settings.keyword ?? ''}
          onChange={(value) => setOptional('keyword', value)}
        />
      )}
      <TextField
        label={t('notify.baseUrl')}
        hint={t('notify.baseUrlHint')}
        value={settings.baseUrl ?? ''}
        onChange={(value) => setOptional('baseUrl', value)}
      />
    </>
  );
}

function ProviderFields({ settings, onChange }: Props<Of<'http'>>) {
  const { t } = useTranslation();
  const { success } = settings;
  // As it is typed: a line without its colon is not a header yet.
  const [headerText, setHeaderText] = useState(() =>
    settings.headers.map(({ name, value }) => `${name}: ${value}`).join('\n'),
  );
  const setHeaders = (text: string) => {
    setHeaderText(text);
    const headers = text.split('\n').map((line) => {
      const at = line.indexOf(':');
      return at === -1
        ? { name: line.trim(), value: '' }
        : { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
    });
    onChange({ ...settings, headers: headers.filter(({ name }) => name !== '') });
  };
  return (
    <>
      <div className="grid grid-cols-[6rem_1fr] gap-3">
        <SelectField
          label={t('notify.method')}
          value={settings.method}
          options={plain(['POST', 'PUT', 'GET'])}
          onChange={(method) => onChange({ ...settings, method: method as typeof settings.method })}
        />
        <TextField
          label={t('notify.url')}
          value={settings.url}
          onChange={(url) => onChange({ ...settings, url })}
          required
          testId="channel-url"
        />
      </div>
      <TextArea label={t('notify.headers')} value={headerText} onChange={setHeaders} />
      <SelectField
        label={t('notify.contentType')}
        value={settings.contentType}
        options={plain(providerContentTypes)}
        onChange={(contentType) => onChange({ ...settings, contentType: contentType as typeof settings.contentType })}
      />
      <TextArea
        label={t('notify.body')}
        hint="{{to}} {{text}} {{title}} {{link}} {{id}} {{secret}} {{timestamp}}"
        value={settings.body}
        onChange={(body) => onChange({ ...settings, body })}
      />
      <SelectField
        label={t('notify.success')}
        value={success.type}
        options={(['status', 'field', 'contains'] as const).map((value) => ({
          value,
          label: t(`notify.successBy.${value}`),
        }))}
        onChange={(type) =>
          onChange({
            ...settings,
            success:
              type === 'field'
                ? { type, path: 'code', equals: '0' }
                : type === 'contains'
                  ? { type, text: 'OK' }
                  : { type: 'status' },
          })
        }
      />
      {success.type === 'field' && (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={t('notify.successPath')}
            value={success.path}
            onChange={(path) => onChange({ ...settings, success: { ...success, path } })}
          />
          <TextField
            label={t('notify.successEquals')}
            value={success.equals}
            onChange={(equals) => onChange({ ...settings, success: { ...success, equals } })}
          />
        </div>
      )}
      {success.type === 'contains' && (
        <TextField
          label={t('notify.successText')}
          value={success.text}
          onChange={(text) => onChange({ ...settings, success: { ...success, text } })}
        />
      )}
      <TextField
        label={t('notify.maxTextBytes')}
        type="number"
        value={String(settings.maxTextBytes)}
        onChange={(bytes) => onChange({ ...settings, maxTextBytes: Number(bytes) })}
      />
    </>
  );
}
