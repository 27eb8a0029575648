import {
  type ChannelKind,
  type ChannelSettings,
  channelSecrets,
  type Language,
  type NotificationChannel,
  type NotificationDelivery,
} from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  newId,
  putNotification,
  removeNotification,
  testChannel,
  useRefreshNotifications,
} from '../../api/notifications.ts';
import { EditorDrawer } from '../../components/editor-drawer.tsx';
import { CheckField, SelectField, TextField } from '../../components/form-fields.tsx';
import { Problem } from '../../components/states.tsx';
import { useRequest } from '../../state/use-request.ts';
import { ChannelSettingsFields } from './channel-settings-fields.tsx';

const fresh: Record<ChannelKind, ChannelSettings> = {
  email: { kind: 'email', host: '', port: 465, security: 'tls', from: '' },
  webhook: { kind: 'webhook', url: '' },
  wecom: { kind: 'wecom', mentionAll: 'life-safety' },
  dingtalk: { kind: 'dingtalk', mentionAll: 'life-safety' },
  feishu: { kind: 'feishu', mentionAll: 'life-safety' },
  http: {
    kind: 'http',
    method: 'POST',
    url: '',
    headers: [],
    contentType: 'application/json',
    body: '{"to":"{{to}}","text":"{{text}}"}',
    success: { type: 'status' },
    maxTextBytes: 500,
  },
};
const perMinute: Record<ChannelKind, number> = {
  email: 60,
  webhook: 300,
  wecom: 20,
  dingtalk: 20,
  feishu: 100,
  http: 60,
};

const spoken = [
  { value: 'zh-CN', label: '中文' },
  { value: 'en', label: 'English' },
];

interface Props {
  kind: ChannelKind;
  /** Null: a new one. */
  channel: NotificationChannel | null;
  onClose: () => void;
}

export function ChannelForm({ kind, channel, onClose }: Props) {
  const { t } = useTranslation();
  const [id] = useState(channel?.id ?? newId(kind));
  const [name, setName] = useState(channel?.name ?? t(`notify.kind.${kind}`));
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [language, setLanguage] = useState<Language>(channel?.language ?? 'zh-CN');
  const [coalesceS, setCoalesceS] = useState(String(channel?.coalesceS ?? (kind === 'webhook' ? 0 : 30)));
  const [rate, setRate] = useState(String(channel?.perMinute ?? perMinute[kind]));
  const [settings, setSettings] = useState<ChannelSettings>(channel?.settings ?? fresh[kind]);
  const [secrets, setSecrets] = useState<Record<string, string | null>>({});
  const save = () =>
    putNotification(`channels/${id}`, {
      name,
      enabled,
      language,
      coalesceS: Number(coalesceS),
      perMinute: Number(rate),
      settings,
      secrets: Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== '')),
    });
  return (
    <EditorDrawer
      title={`${t(`notify.kind.${kind}`)} · ${name}`}
      onClose={onClose}
      onSave={save}
      onRemove={channel === null ? undefined : () => removeNotification(`channels/${id}`)}
    >
      <TextField label={t('notify.name')} value={name} onChange={setName} required testId="channel-name" />
      <ChannelSettingsFields settings={settings} onChange={setSettings} />
      {channelSecrets[kind].map((each) => {
        const secret = each.replace('?', '');
        const isSet = channel?.secretsSet.includes(secret) ?? false;
        return (
          <SecretField
            key={secret}
            name={secret}
            isOptional={each.endsWith('?')}
            isSet={isSet}
            value={secrets[secret] === undefined ? '' : secrets[secret]}
            onChange={(value) => setSecrets({ ...secrets, [secret]: value })}
          />
        );
      })}
      <div className="grid grid-cols-2 gap-3">
        <TextField label={t('notify.coalesce')} type="number" value={coalesceS} onChange={setCoalesceS} />
        <TextField label={t('notify.perMinute')} type="number" value={rate} onChange={setRate} />
      </div>
      <SelectField
        label={t('notify.groupLanguage')}
        value={language}
        options={spoken}
        onChange={(value) => setLanguage(value as Language)}
      />
      <CheckField label={t('notify.enabled')} checked={enabled} onChange={setEnabled} />
      {channel !== null && <TestBox channel={channel} />}
    </EditorDrawer>
  );
}

interface SecretProps {
  name: string;
  isOptional: boolean;
  isSet: boolean;
  /** Null: it is to be removed. */
  value: string | null;
  onChange: (value: string | null) => void;
}

function SecretField({ name, isOptional, isSet, value, onChange }: SecretProps) {
  const { t } = useTranslation();
  const hint = isSet ? t('notify.secretSet') : isOptional ? t('notify.secretOptional') : t('notify.secretNeeded');
  return (
    <div>
      {value !== null && (
        <TextField
          type="password"
          label={t(`notify.secret.${name}`)}
          hint={hint}
          value={value}
          onChange={onChange}
          testId={`secret-${name}`}
        />
      )}
      {isSet && isOptional && (
        <CheckField
          label={t('notify.secretRemove', { name: t(`notify.secret.${name}`) })}
          checked={value === null}
          onChange={(checked) => onChange(checked ? null : '')}
        />
      )}
    </div>
  );
}

function TestBox({ channel }: { channel: NotificationChannel }) {
  const { t } = useTranslation();
  const refresh = useRefreshNotifications();
  const [address, setAddress] = useState('');
  const [language, setLanguage] = useState<Language>(channel.language);
  const [result, setResult] = useState<NotificationDelivery | null>(null);
  const { busy, problem, run } = useRequest();
  const test = async () => {
    setResult(null);
    setResult(await testChannel(channel.id, { address, language }));
    await refresh();
  };
  return (
    <div className="space-y-2 rounded border border-line p-3">
      <TextField
        label={t('notify.testAddress')}
        hint={t(`notify.addressHint.${channel.settings.kind}`)}
        value={address}
        onChange={setAddress}
        testId="channel-test-address"
      />
      <SelectField
        label={t('notify.language')}
        value={language}
        options={spoken}
        onChange={(value) => setLanguage(value as Language)}
      />
      <button
        type="button"
        className="button w-full"
        disabled={busy}
        onClick={() => void run(test)}
        data-testid="channel-test"
      >
        {t('notify.test')}
      </button>
      {result !== null && (
        <p role="status" className="break-words text-xs" data-testid="channel-tested" data-state={result.state}>
          {result.state === 'sent'
            ? t('notify.testSent', { receipt: result.receipt ?? '' })
            : t('notify.testFailed', { error: result.error ?? '' })}
        </p>
      )}
      <Problem error={problem} />
    </div>
  );
}
