import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotificationStatus } from '../../api/notifications.ts';
import { Page } from '../../components/page.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { useLiveScope } from '../../live/use-live.ts';

const tabs = ['channels', 'people', 'rosters', 'policies', 'templates', 'deliveries'] as const;
export type NotificationTab = (typeof tabs)[number];

/** The frame of the pages about notifications: what keeps alarms from being told stands on top of each. */
export function NotificationPage({
  tab,
  drawer,
  children,
}: {
  tab: NotificationTab;
  drawer?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useLiveScope({ kind: 'none' });
  return (
    <Page
      title={t(`notify.tab.${tab}`)}
      crumbs={[{ label: t('nav.alarms'), to: '/alarms' }, { label: t('notify.title') }]}
      drawer={drawer}
    >
      <PageTabs
        className="mb-3 border-b border-line"
        label={t('notify.title')}
        tabs={tabs.map((each) => ({
          to: `/notifications/${each}`,
          label: t(`notify.tab.${each}`),
          testId: `notify-${each}`,
        }))}
      />
      <Gaps />
      {children}
    </Page>
  );
}

function Gaps() {
  const { t } = useTranslation();
  const status = useNotificationStatus().data;
  if (status === undefined || status.gaps.length === 0) return null;
  return (
    <ul className="mb-3 space-y-1 rounded border border-edge bg-raised p-3" data-testid="notify-gaps">
      {status.gaps.map(({ gap, subject, detail }) => (
        <li key={`${gap} ${subject}`} className="break-words">
          <strong>{t(`notify.gap.${gap}`)}</strong>
          {detail !== null && <span className="text-dim"> · {detail}</span>}
        </li>
      ))}
    </ul>
  );
}

export function ListHead({ hint, onNew, label }: { hint: string; onNew: () => void; label: string }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <p className="max-w-prose text-dim">{hint}</p>
      <button type="button" className="button button-main ml-auto" onClick={onNew} data-testid="notify-new">
        {label}
      </button>
    </div>
  );
}
