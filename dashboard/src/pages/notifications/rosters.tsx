import type { NotificationRoster } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotificationList } from '../../api/notifications.ts';
import { Section } from '../../components/page.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { ListHead, NotificationPage } from './layout.tsx';
import { RosterForm } from './roster-form.tsx';
import { WeekCalendar } from './week-calendar.tsx';

export default function RostersPage() {
  const { t } = useTranslation();
  const rosters = useNotificationList('rosters');
  const [open, setOpen] = useState<NotificationRoster | 'new' | null>(null);
  const drawer =
    open === null ? null : (
      <RosterForm
        key={open === 'new' ? 'new' : open.id}
        roster={open === 'new' ? null : open}
        onClose={() => setOpen(null)}
      />
    );
  return (
    <NotificationPage tab="rosters" drawer={drawer}>
      <ListHead hint={t('notify.rostersHint')} label={t('notify.newRoster')} onNew={() => setOpen('new')} />
      <Loaded query={rosters} what={t('notify.failed')} rows={6}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t('notify.noRosters')} hint={t('notify.noRostersHint')} />
          ) : (
            <div className="space-y-4">
              {list.map((roster) => (
                <Section
                  key={roster.id}
                  title={roster.name}
                  testId="roster"
                  aside={
                    <button type="button" className="button" onClick={() => setOpen(roster)}>
                      {t('notify.edit')}
                    </button>
                  }
                >
                  <WeekCalendar roster={roster} />
                </Section>
              ))}
            </div>
          )
        }
      </Loaded>
    </NotificationPage>
  );
}
