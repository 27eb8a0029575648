import { type NotificationRoster, type RosterDuty, zonedDate, zonedDays } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDuties, useNotificationList } from '../../api/notifications.ts';
import { Loaded } from '../../components/states.tsx';
import { clockTime } from '../../format/time.ts';
import { useNow } from '../../live/use-now.ts';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** Monday 00:00 of the week, by the roster's clock, and the seven days after it. */
function weekOf(ms: number, timeZone: string): number[] {
  const { year, month, day } = zonedDate(ms, timeZone);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return zonedDays(ms - (weekday - 1) * dayMs, ms + (8 - weekday) * dayMs, timeZone).slice(0, 8);
}

/** Who has duty in a week: a day a column, a shift a block; what was swapped is marked, and so is now. */
export function WeekCalendar({ roster }: { roster: NotificationRoster }) {
  const { t } = useTranslation();
  const now = useNow();
  const [offset, setOffset] = useState(0);
  const days = weekOf(now + offset * weekMs, roster.timeZone);
  const [fromMs = 0] = days;
  const toMs = days[7] ?? fromMs + weekMs;
  const duties = useDuties(roster.id, fromMs, toMs);
  return (
    <div>
      <div className="mb-2 flex items-center gap-2">
        <button
          type="button"
          className="button px-2"
          onClick={() => setOffset(offset - 1)}
          aria-label={t('notify.weekBefore')}
        >
          ‹
        </button>
        <button type="button" className="button" onClick={() => setOffset(0)}>
          {t('notify.thisWeek')}
        </button>
        <button
          type="button"
          className="button px-2"
          onClick={() => setOffset(offset + 1)}
          aria-label={t('notify.weekAfter')}
        >
          ›
        </button>
        <span className="ml-auto text-xs text-faint">{roster.timeZone}</span>
      </div>
      <Loaded query={duties} what={t('notify.failed')} rows={4}>
        {(list) => (
          <ol className="grid gap-1 md:grid-cols-7" data-testid="week">
            {days.slice(0, 7).map((day, at) => {
              const date = zonedDate(day, roster.timeZone);
              const text = `${date.year}-${String(date.month).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`;
              const next = days[at + 1] ?? day + dayMs;
              return (
                <li
                  key={day}
                  className={`min-w-0 rounded border p-1.5 ${day <= now && now < next ? 'border-ink' : 'border-line'}`}
                >
                  <p className="mb-1 text-xs text-dim">
                    {t(`notify.weekday.${at + 1}`)} <span className="num">{text.slice(5)}</span>
                  </p>
                  {list
                    .filter((duty) => duty.date === text)
                    .map((duty) => (
                      <Duty
                        key={duty.shift}
                        duty={duty}
                        timeZone={roster.timeZone}
                        current={duty.fromMs <= now && now < duty.toMs}
                      />
                    ))}
                </li>
              );
            })}
          </ol>
        )}
      </Loaded>
    </div>
  );
}

function Duty({ duty, timeZone, current }: { duty: RosterDuty; timeZone: string; current: boolean }) {
  const { t } = useTranslation();
  const people = useNotificationList('people').data ?? [];
  const names = duty.people.map((id) => people.find((person) => person.id === id)?.name ?? id);
  const time = (ms: number) => clockTime(ms, timeZone).slice(0, 5);
  return (
    <div className={`mb-1 rounded px-1.5 py-1 ${current ? 'bg-ink text-canvas' : 'bg-raised'}`}>
      <p className="num text-xs">
        {time(duty.fromMs)}–{time(duty.toMs)} {duty.name}
        {duty.overridden && ` · ${t('notify.swapped')}`}
      </p>
      <p className="break-words font-medium">{names.length === 0 ? t('notify.nobody') : names.join(' · ')}</p>
    </div>
  );
}
