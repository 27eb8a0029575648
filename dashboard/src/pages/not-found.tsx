import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';

export default function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <Empty title={t('notFound.title')} hint={t('notFound.hint')}>
        <Link className="link mt-2" to="/">
          {t('nav.overview')}
        </Link>
      </Empty>
    </Page>
  );
}
