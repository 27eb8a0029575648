import type { NotificationRoster, RosterOverride, RosterShift } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId, putNotification, removeNotification, useNotificationList } from '../../api/notifications.ts';
import { EditorDrawer } from '../../components/editor-drawer.tsx';
import { ChoiceSet, SelectField, TextField } from '../../components/form-fields.tsx';
import { useTimeZone } from '../../state/site.ts';

const weekdays = ['1', '2', '3', '4', '5', '6', '7'];

/** Shifts by the week, and what is otherwise on single days. */
export function RosterForm({ roster, onClose }: { roster: NotificationRoster | null; onClose: () => void }) {
  const { t } = useTranslation();
  const siteZone = useTimeZone();
  const people = useNotificationList('people').data ?? [];
  const [id] = useState(roster?.id ?? newId('roster'));
  const [name, setName] = useState(roster?.name ?? '');
  const [timeZone, setTimeZone] = useState(roster?.timeZone ?? siteZone);
  const [shifts, setShifts] = useState<RosterShift[]>(roster?.shifts ?? []);
  const [overrides, setOverrides] = useState<RosterOverride[]>(roster?.overrides ?? []);
  const choices = people.map((person) => ({ value: person.id, label: person.name }));
  const setShift = (at: number, part: Partial<RosterShift>) =>
    setShifts(shifts.map((shift, place) => (place === at ? { ...shift, ...part } : shift)));
  const setOverride = (at: number, part: Partial<RosterOverride>) =>
    setOverrides(overrides.map((override, place) => (place === at ? { ...override, ...part } : override)));
  const addShift = () =>
    setShifts([
      ...shifts,
      {
        id: newId('shift'),
        name: t('notify.shift'),
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        from: '08:00',
        to: '20:00',
        people: [],
      },
    ]);
  const today = new Date().toISOString().slice(0, 10);
  return (
    <EditorDrawer
      title={name === '' ? t('notify.newRoster') : name}
      onClose={onClose}
      onSave={() => putNotification(`rosters/${id}`, { name, timeZone, shifts, overrides })}
      onRemove={roster === null ? undefined : () => removeNotification(`rosters/${id}`)}
    >
      <TextField label={t('notify.name')} value={name} onChange={setName} required testId="roster-name" />
      <TextField label={t('notify.timeZone')} value={timeZone} onChange={setTimeZone} required />
      {shifts.map((shift, at) => (
        <div key={shift.id} className="space-y-2 rounded border border-line p-2">
          <div className="grid grid-cols-[1fr_5rem_5rem] gap-2">
            <TextField
              label={t('notify.shiftName')}
              value={shift.name}
              onChange={(value) => setShift(at, { name: value })}
              required
            />
            <TextField
              label={t('notify.from')}
              type="time"
              value={shift.from}
              onChange={(from) => setShift(at, { from })}
            />
            <TextField label={t('notify.to')} type="time" value={shift.to} onChange={(to) => setShift(at, { to })} />
          </div>
          <ChoiceSet
            label={t('notify.weekdays')}
            values={shift.weekdays.map(String)}
            options={weekdays.map((value) => ({ value, label: t(`notify.weekday.${value}`) }))}
            onChange={(values) => setShift(at, { weekdays: values.map(Number) })}
          />
          <ChoiceSet
            label={t('notify.onShift')}
            values={shift.people}
            options={choices}
            onChange={(values) => setShift(at, { people: values })}
          />
          <button
            type="button"
            className="button w-full"
            onClick={() => setShifts(shifts.filter((_, place) => place !== at))}
          >
            {t('notify.removeShift')}
          </button>
        </div>
      ))}
      <button type="button" className="button w-full" onClick={addShift}>
        {t('notify.addShift')}
      </button>
      {overrides.map((override, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an override has no name
        <div key={at} className="space-y-2 rounded border border-line p-2">
          <div className="grid grid-cols-2 gap-2">
            <TextField
              label={t('notify.date')}
              type="date"
              value={override.date}
              onChange={(date) => setOverride(at, { date })}
              required
            />
            <SelectField
              label={t('notify.shift')}
              value={override.shift}
              options={shifts.map((shift) => ({ value: shift.id, label: shift.name }))}
              onChange={(shift) => setOverride(at, { shift })}
            />
          </div>
          <ChoiceSet
            label={t('notify.instead')}
            values={override.people}
            options={choices}
            onChange={(values) => setOverride(at, { people: values })}
          />
          <button
            type="button"
            className="button w-full"
            onClick={() => setOverrides(overrides.filter((_, place) => place !== at))}
          >
            {t('notify.removeSwap')}
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button w-full"
        disabled={shifts.length === 0}
        onClick={() => setOverrides([...overrides, { date: today, shift: shifts[0]?.id ?? '', people: [] }])}
      >
        {t('notify.addSwap')}
      </button>
    </EditorDrawer>
  );
}
