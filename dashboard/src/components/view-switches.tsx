import { useTranslation } from 'react-i18next';
import { switchLanguage } from '../state/i18n.ts';
import { setPreferences, usePreferences } from '../state/preferences.ts';
import { Icon } from './icons.tsx';

/** Language, theme, density, sound; remembered by the browser. */
export function ViewSwitches() {
  const { t } = useTranslation();
  const { language, theme, density, sound } = usePreferences();
  return (
    <div className="flex items-center">
      <button
        type="button"
        className="button button-flat min-w-touch px-2"
        onClick={() => void switchLanguage(language === 'en' ? 'zh-CN' : 'en')}
        aria-label={t('view.language')}
        title={t('view.language')}
        data-testid="language"
      >
        {language === 'en' ? '中' : 'EN'}
      </button>
      <button
        type="button"
        className="button button-flat min-w-touch px-2"
        onClick={() => setPreferences({ theme: theme === 'dark' ? 'light' : 'dark' })}
        aria-label={t(theme === 'dark' ? 'view.light' : 'view.dark')}
        title={t(theme === 'dark' ? 'view.light' : 'view.dark')}
        data-testid="theme"
      >
        <Icon name="theme" />
      </button>
      <button
        type="button"
        className="button button-flat min-w-touch px-2"
        aria-pressed={density === 'wall'}
        onClick={() => setPreferences({ density: density === 'wall' ? 'desk' : 'wall' })}
        aria-label={t(density === 'wall' ? 'view.desk' : 'view.wall')}
        title={t(density === 'wall' ? 'view.desk' : 'view.wall')}
        data-testid="density"
      >
        <Icon name="wall" />
      </button>
      <button
        type="button"
        className="button button-flat min-w-touch px-2"
        aria-pressed={sound}
        onClick={() => setPreferences({ sound: !sound })}
        aria-label={t(sound ? 'view.silent' : 'view.sound')}
        title={t(sound ? 'view.silent' : 'view.sound')}
        data-testid="sound"
      >
        <Icon name={sound ? 'sound' : 'silent'} />
      </button>
    </div>
  );
}
