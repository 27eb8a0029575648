import type { AlarmPriority, PreviewPolicy, PreviewRequest } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotificationList, usePreview } from '../../api/notifications.ts';
import { useEquipmentList } from '../../api/queries.ts';
import { PriorityField } from '../../components/alarm-fields.tsx';
import { CheckField, SelectField } from '../../components/form-fields.tsx';
import { Section } from '../../components/page.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { dateTime } from '../../format/time.ts';
import { useLocalText } from '../../state/i18n.ts';
import { useSite, useTimeZone } from '../../state/site.ts';

/** "Who would be told now if …": what the server answers by the same functions that it tells by. */
export function PreviewPanel() {
  const { t } = useTranslation();
  const text = useLocalText();
  const site = useSite();
  const all = useEquipmentList().data ?? [];
  const [equipment, setEquipment] = useState('');
  const [priority, setPriority] = useState<AlarmPriority>('critical');
  const [lifeSafety, setLifeSafety] = useState(true);
  const asked: PreviewRequest | null =
    site === undefined ? null : { site: site.id, priority, lifeSafety, ...(equipment === '' ? {} : { equipment }) };
  const preview = usePreview(asked);
  return (
    <Section title={t('notify.preview')} testId="preview">
      <p className="mb-2 text-dim">{t('notify.previewHint')}</p>
      <div className="mb-3 grid gap-3 md:grid-cols-2">
        <SelectField
          label={t('notify.equipment')}
          value={equipment}
          options={[
            { value: '', label: t('notify.anyEquipment') },
            ...all.filter((each) => each.site === site?.id).map((each) => ({ value: each.id, label: text(each.name) })),
          ]}
          onChange={setEquipment}
        />
        <PriorityField value={priority} onChange={setPriority} />
        <CheckField label={t('notify.lifeSafety')} checked={lifeSafety} onChange={setLifeSafety} />
      </div>
      <Loaded query={preview} what={t('notify.failed')} rows={3}>
        {({ policies }) =>
          policies.length === 0 ? (
            <Empty title={t('notify.previewNobody')} hint={t('notify.previewNobodyHint')} />
          ) : (
            <div className="space-y-3">
              {policies.map((policy) => (
                <Ladder key={policy.policy} policy={policy} />
              ))}
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}

function Ladder({ policy }: { policy: PreviewPolicy }) {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const people = useNotificationList('people').data ?? [];
  const channels = useNotificationList('channels').data ?? [];
  const personName = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const channelName = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  return (
    <div>
      <p className="font-medium">{policy.name}</p>
      <ol className="mt-1 border-l-2 border-edge">
        {policy.rungs.map((rung) => (
          <li key={rung.atMs} className="relative py-1 pl-4">
            <span className="absolute -left-[5px] top-2.5 h-2 w-2 rounded-full bg-edge" aria-hidden="true" />
            <span className="num text-xs text-dim">
              {dateTime(rung.atMs, timeZone)}
              {rung.repeated && ` · ${policy.endless ? t('notify.untilAcknowledged') : t('notify.repeated')}`}
            </span>
            {rung.recipients.length === 0 && <p className="font-medium">{t('notify.reachesNobody')}</p>}
            {rung.recipients.map(({ person, routes }) => (
              <p key={person ?? routes[0]?.channel} className="break-words">
                {person !== null && <strong className="mr-1">{personName(person)}</strong>}
                {routes.length === 0
                  ? t('notify.unreachable')
                  : routes
                      .map((route) => {
                        const held =
                          route.heldUntilMs === null
                            ? ''
                            : ` · ${t('notify.heldUntil', { time: dateTime(route.heldUntilMs, timeZone) })}`;
                        return `${channelName(route.channel)} ${route.address}${held}`;
                      })
                      .join(' + ')}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </div>
  );
}
