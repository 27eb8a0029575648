import { dutyRoles, type Language, type NotificationPerson } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId, putNotification, removeNotification, useNotificationList } from '../../api/notifications.ts';
import { useUsers } from '../../api/queries.ts';
import { EditorDrawer } from '../../components/editor-drawer.tsx';
import { CheckField, ChoiceSet, SelectField, TextField } from '../../components/form-fields.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { useTimeZone } from '../../state/site.ts';
import { ListHead, NotificationPage } from './layout.tsx';

export default function PeoplePage() {
  const { t } = useTranslation();
  const people = useNotificationList('people');
  const channels = useNotificationList('channels').data ?? [];
  const [open, setOpen] = useState<NotificationPerson | 'new' | null>(null);
  const nameOf = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  const drawer =
    open === null ? null : (
      <PersonForm
        key={open === 'new' ? 'new' : open.id}
        person={open === 'new' ? null : open}
        onClose={() => setOpen(null)}
      />
    );
  return (
    <NotificationPage tab="people" drawer={drawer}>
      <ListHead hint={t('notify.peopleHint')} label={t('notify.newPerson')} onNew={() => setOpen('new')} />
      <Loaded query={people} what={t('notify.failed')} rows={4}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t('notify.noPeople')} hint={t('notify.noPeopleHint')} />
          ) : (
            <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
              {list.map((person) => (
                <li key={person.id}>
                  <button
                    type="button"
                    className="flex h-full w-full flex-col rounded border border-line bg-panel p-3 text-left hover:bg-raised"
                    onClick={() => setOpen(person)}
                    data-testid="person"
                  >
                    <span className="flex w-full flex-wrap items-baseline gap-2">
                      <strong>{person.name}</strong>
                      <span className="text-xs text-dim">
                        {person.roles.map((role) => t(`notify.role.${role}`)).join(' · ')}
                      </span>
                      {!person.enabled && <span className="ml-auto text-xs text-dim">{t('notify.disabled')}</span>}
                    </span>
                    <span className="mt-1 block break-words text-xs text-dim">
                      {person.contacts.length === 0
                        ? t('notify.noContact')
                        : person.contacts.map(({ channel, address }) => `${nameOf(channel)} ${address}`).join(' → ')}
                    </span>
                    {person.quiet !== null && (
                      <span className="num mt-1 block text-xs text-faint">
                        {t('notify.quietFromTo', { from: person.quiet.from, to: person.quiet.to })}
                      </span>
                    )}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </NotificationPage>
  );
}

function PersonForm({ person, onClose }: { person: NotificationPerson | null; onClose: () => void }) {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const channels = useNotificationList('channels').data ?? [];
  const users = useUsers().data ?? [];
  const [id] = useState(person?.id ?? newId('person'));
  const [draft, setDraft] = useState<Omit<NotificationPerson, 'id'>>(
    person ?? { name: '', language: 'zh-CN', user: null, roles: [], contacts: [], quiet: null, enabled: true },
  );
  const change = (part: Partial<NotificationPerson>) => setDraft({ ...draft, ...part });
  const setContact = (at: number, part: Partial<NotificationPerson['contacts'][number]>) =>
    change({ contacts: draft.contacts.map((contact, place) => (place === at ? { ...contact, ...part } : contact)) });
  const { name, language, user, roles, contacts, quiet, enabled } = draft;
  const [first] = channels;
  return (
    <EditorDrawer
      title={name === '' ? t('notify.newPerson') : name}
      onClose={onClose}
      onSave={() => putNotification(`people/${id}`, { name, language, user, roles, contacts, quiet, enabled })}
      onRemove={person === null ? undefined : () => removeNotification(`people/${id}`)}
    >
      <TextField
        label={t('notify.name')}
        value={name}
        onChange={(value) => change({ name: value })}
        required
        testId="person-name"
      />
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label={t('notify.language')}
          value={language}
          options={[
            { value: 'zh-CN', label: '中文' },
            { value: 'en', label: 'English' },
          ]}
          onChange={(value) => change({ language: value as Language })}
        />
        <SelectField
          label={t('notify.user')}
          value={user ?? ''}
          options={[
            { value: '', label: t('notify.noUser') },
            ...users.map(({ username }) => ({ value: username, label: username })),
          ]}
          onChange={(value) => change({ user: value === '' ? null : value })}
        />
      </div>
      <ChoiceSet
        label={t('notify.roles')}
        values={roles}
        options={dutyRoles.map((value) => ({ value, label: t(`notify.role.${value}`) }))}
        onChange={(values) => change({ roles: values as NotificationPerson['roles'] })}
      />
      <p className="text-xs text-dim">{t('notify.contactsHint')}</p>
      {contacts.map((contact, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is what a contact is
        <div key={at} className="grid grid-cols-[1fr_1fr_auto] items-end gap-2">
          <SelectField
            label={`${at + 1}. ${t('notify.channel')}`}
            value={contact.channel}
            options={channels.map((channel) => ({ value: channel.id, label: channel.name }))}
            onChange={(channel) => setContact(at, { channel })}
          />
          <TextField
            label={t('notify.address')}
            value={contact.address}
            onChange={(address) => setContact(at, { address })}
            testId="contact-address"
          />
          <button
            type="button"
            className="button px-2"
            aria-label={t('notify.remove')}
            onClick={() => change({ contacts: contacts.filter((_, place) => place !== at) })}
          >
            ✕
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button w-full"
        data-testid="add-contact"
        disabled={first === undefined}
        onClick={() => first !== undefined && change({ contacts: [...contacts, { channel: first.id, address: '' }] })}
      >
        {t('notify.addContact')}
      </button>
      <CheckField
        label={t('notify.quiet')}
        checked={quiet !== null}
        onChange={(checked) => change({ quiet: checked ? { from: '22:00', to: '07:00', timeZone } : null })}
      />
      {quiet !== null && (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={t('notify.from')}
            type="time"
            value={quiet.from}
            onChange={(from) => change({ quiet: { ...quiet, from } })}
          />
          <TextField
            label={t('notify.to')}
            type="time"
            value={quiet.to}
            onChange={(to) => change({ quiet: { ...quiet, to } })}
          />
          <TextField
            label={t('notify.timeZone')}
            value={quiet.timeZone}
            onChange={(zone) => change({ quiet: { ...quiet, timeZone: zone } })}
            required
          />
        </div>
      )}
      <CheckField label={t('notify.enabled')} checked={enabled} onChange={(value) => change({ enabled: value })} />
    </EditorDrawer>
  );
}
