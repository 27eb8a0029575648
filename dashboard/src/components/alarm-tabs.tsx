import { useTranslation } from 'react-i18next';
import { PageTabs } from './page-tabs.tsx';

export function AlarmTabs() {
  const { t } = useTranslation();
  return (
    <PageTabs
      label={t('nav.alarms')}
      tabs={[
        { to: '/alarms', end: true, label: t('alarms.list'), testId: 'alarms-tab' },
        { to: '/alarms/journal', label: t('alarms.journal'), testId: 'journal-tab' },
        { to: '/alarms/performance', label: t('alarms.performance'), testId: 'performance-tab' },
        { to: '/alarms/tests', label: t('testMode.list'), testId: 'tests-tab' },
        { to: '/handover', label: t('handover.title'), testId: 'handover-tab' },
      ]}
    />
  );
}
