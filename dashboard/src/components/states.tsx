import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';

/** Same size as what is coming, so that nothing jumps. */
export function Skeleton({ rows = 4, className = '' }: { rows?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <div className={`space-y-2 ${className}`} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, i) => `row-${i}`).map((key) => (
        <div key={key} className="skeleton h-9" />
      ))}
    </div>
  );
}

/** What would be here, and how to get it. */
export function Empty({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-10 text-center" data-testid="empty">
      <p className="font-medium text-dim">{title}</p>
      <p className="max-w-prose text-faint">{hint}</p>
      {children}
    </div>
  );
}

/** What went wrong, why, and the way to try again. */
export function ErrorState({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="m-2 rounded border border-edge bg-raised p-4" role="alert" data-testid="error">
      <p className="font-medium">{what}</p>
      <p className="mt-1 break-words text-dim">{useProblemText(error)}</p>
      {onRetry !== undefined && (
        <button type="button" className="button mt-3" onClick={onRetry}>
          {t('state.retry')}
        </button>
      )}
    </div>
  );
}

interface ProblemProps {
  /** Null: there is none, and nothing is shown. */
  error: unknown;
  className?: string;
  testId?: string;
}

/** Why what was asked for was not done, with the field that the server names. */
export function Problem({ error, className = 'font-medium', testId }: ProblemProps) {
  const problemText = useProblemText(error);
  if (error === null) return null;
  return (
    <p role="alert" className={`break-words ${className}`} data-testid={testId}>
      {error instanceof ApiProblem && error.field !== null && <code className="mr-1 text-xs">{error.field}</code>}
      {problemText}
    </p>
  );
}

export function useProblemText(error: unknown): string {
  const { t, i18n } = useTranslation();
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return t('problem.unreachable');
  if (error.status === 401) return t('problem.signedOut');
  if (i18n.exists(`problemCode.${error.code}`)) return t(`problemCode.${error.code}`);
  if (error.status === 403) return t('problem.forbidden');
  if (error.status === 404) return t('problem.notFound');
  if (error.status === 409) return t('problem.conflict', { message: error.message });
  if (error.status === 429) return t('problem.tooMany');
  return t('problem.other', { message: error.message, code: error.code });
}

interface QueryLike<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** One way for every view: skeleton, error, then the content. Data that is already there stays when a refresh fails. */
export function Loaded<T>({
  query,
  what,
  rows,
  children,
}: {
  query: QueryLike<T>;
  what: string;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null && query.error !== undefined)
    return <ErrorState what={what} error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={rows ?? 4} className="p-2" />;
}
