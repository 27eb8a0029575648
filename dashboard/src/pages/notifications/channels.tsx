import {
  type ChannelKind,
  channelKinds,
  type NotificationChannel,
  type NotificationSettings,
} from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  putNotification,
  useNotificationList,
  useNotificationSettings,
  useRefreshNotifications,
} from '../../api/notifications.ts';
import { CheckField, TextField } from '../../components/form-fields.tsx';
import { Section } from '../../components/page.tsx';
import { Empty, Loaded, Problem } from '../../components/states.tsx';
import { dateTime } from '../../format/time.ts';
import { useTimeZone } from '../../state/site.ts';
import { useRequest } from '../../state/use-request.ts';
import { ChannelForm } from './channel-form.tsx';
import { NotificationPage } from './layout.tsx';

type Open = NotificationChannel | ChannelKind | null;

export default function ChannelsPage() {
  const { t } = useTranslation();
  const channels = useNotificationList('channels');
  const settings = useNotificationSettings();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const drawer =
    open === null ? null : typeof open === 'string' ? (
      <ChannelForm key={open} kind={open} channel={null} onClose={close} />
    ) : (
      <ChannelForm key={open.id} kind={open.settings.kind} channel={open} onClose={close} />
    );
  return (
    <NotificationPage tab="channels" drawer={drawer}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <p className="mr-auto max-w-prose text-dim">{t('notify.channelsHint')}</p>
        {channelKinds.map((kind) => (
          <button key={kind} type="button" className="button" onClick={() => setOpen(kind)} data-testid={`new-${kind}`}>
            + {t(`notify.kind.${kind}`)}
          </button>
        ))}
      </div>
      <Loaded query={channels} what={t('notify.failed')} rows={3}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t('notify.noChannels')} hint={t('notify.noChannelsHint')} />
          ) : (
            <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
              {list.map((channel) => (
                <ChannelCard key={channel.id} channel={channel} onOpen={() => setOpen(channel)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <div className="mt-4 max-w-2xl">
        <Loaded query={settings} what={t('notify.failed')} rows={2}>
          {(held) => <SettingsForm key={JSON.stringify(held)} held={held} />}
        </Loaded>
      </div>
    </NotificationPage>
  );
}

function ChannelCard({ channel, onOpen }: { channel: NotificationChannel; onOpen: () => void }) {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const { name, enabled, settings, trouble, lastSentMs, perMinute, coalesceS } = channel;
  return (
    <li>
      <button
        type="button"
        className="flex h-full w-full flex-col rounded border border-line bg-panel p-3 text-left hover:bg-raised"
        onClick={onOpen}
        data-testid="channel"
      >
        <span className="flex w-full items-center gap-2">
          <strong className="min-w-0 truncate">{name}</strong>
          <span className="text-xs text-faint">{t(`notify.kind.${settings.kind}`)}</span>
          <span className="ml-auto text-xs text-dim">{enabled ? t('notify.enabled') : t('notify.disabled')}</span>
        </span>
        <span className="mt-1 block text-xs text-dim">
          {t('notify.rate', { count: perMinute, seconds: coalesceS })}
        </span>
        <span className="mt-1 block break-words text-xs">
          {trouble === null
            ? lastSentMs === null
              ? t('notify.neverSent')
              : t('notify.lastSent', { time: dateTime(lastSentMs, timeZone) })
            : t('notify.troubleSince', { time: dateTime(trouble.sinceMs, timeZone), message: trouble.message })}
        </span>
      </button>
    </li>
  );
}

function SettingsForm({ held }: { held: NotificationSettings }) {
  const { t } = useTranslation();
  const refresh = useRefreshNotifications();
  const [publicUrl, setPublicUrl] = useState(held.publicUrl ?? '');
  const [linkMinutes, setLinkMinutes] = useState(String(held.linkMinutes));
  const [mqtt, setMqtt] = useState(held.mqtt);
  const { busy, problem, run } = useRequest();
  const save = async () => {
    const url = publicUrl.trim();
    await putNotification('settings', { publicUrl: url === '' ? null : url, linkMinutes: Number(linkMinutes), mqtt });
    await refresh();
  };
  return (
    <Section title={t('notify.settings')}>
      <form
        className="grid gap-3 md:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          void run(save);
        }}
      >
        <TextField
          label={t('notify.publicUrl')}
          hint={t('notify.publicUrlHint')}
          value={publicUrl}
          onChange={setPublicUrl}
          placeholder="https://plantroom.example.com"
        />
        <TextField label={t('notify.linkMinutes')} type="number" value={linkMinutes} onChange={setLinkMinutes} />
        <CheckField label={t('notify.mqtt')} checked={mqtt} onChange={setMqtt} />
        <button type="submit" className="button" disabled={busy}>
          {t('notify.save')}
        </button>
        <Problem error={problem} />
      </form>
    </Section>
  );
}
