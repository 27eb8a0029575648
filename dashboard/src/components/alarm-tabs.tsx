import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';

const tab = ({ isActive }: { isActive: boolean }) =>
  `button rounded-b-none border-b-0 ${isActive ? 'button-main' : ''}`;

export function AlarmTabs() {
  const { t } = useTranslation();
  return (
    <nav className="flex flex-wrap gap-1">
      <NavLink to="/alarms" end className={tab}>
        {t('alarms.list')}
      </NavLink>
      <NavLink to="/alarms/journal" className={tab} data-testid="journal-tab">
        {t('alarms.journal')}
      </NavLink>
      <NavLink to="/alarms/performance" className={tab} data-testid="performance-tab">
        {t('alarms.performance')}
      </NavLink>
      <NavLink to="/alarms/tests" className={tab} data-testid="tests-tab">
        {t('testMode.list')}
      </NavLink>
      <NavLink to="/handover" className={tab} data-testid="handover-tab">
        {t('handover.title')}
      </NavLink>
    </nav>
  );
}
