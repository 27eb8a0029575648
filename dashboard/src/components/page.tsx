import { Fragment, type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Icon } from './icons.tsx';

export interface Crumb {
  label: string;
  to?: string;
}

interface Props {
  title: string;
  crumbs?: readonly Crumb[];
  /** Beside the title: state, actions. */
  aside?: ReactNode;
  drawer?: ReactNode;
  children: ReactNode;
}

/** One page: breadcrumbs, title, content that scrolls, and the drawer beside it. */
export function Page({ title, crumbs = [], aside, drawer, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  return (
    <>
      <main className="min-w-0 flex-1 overflow-y-auto p-3 md:p-4" id="content">
        <div className="mb-3 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
          <div className="min-w-0">
            {crumbs.length > 0 && (
              <nav aria-label={t('nav.breadcrumbs')} className="flex flex-wrap items-center gap-1 text-xs text-dim">
                {crumbs.map((crumb) => (
                  <Fragment key={crumb.label}>
                    {crumb.to === undefined ? (
                      crumb.label
                    ) : (
                      <Link className="hover:text-ink hover:underline" to={crumb.to}>
                        {crumb.label}
                      </Link>
                    )}
                    <Icon name="chevron" className="h-3 w-3" />
                  </Fragment>
                ))}
              </nav>
            )}
            <h1 className="text-lg font-semibold leading-tight">{title}</h1>
          </div>
          <div className="ml-auto flex min-w-0 max-w-full flex-wrap items-center gap-2">{aside}</div>
        </div>
        {children}
      </main>
      {drawer}
    </>
  );
}

export function Section({
  title,
  aside,
  children,
  testId,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  testId?: string;
}) {
  return (
    <section className="rounded border border-line bg-panel p-3" data-testid={testId}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">{title}</h2>
        <div className="ml-auto flex items-center gap-2">{aside}</div>
      </div>
      {children}
    </section>
  );
}
