import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  testId?: string;
}

/** Right of the list on a desk, over it on a phone; the list stays usable. */
export function Drawer({ title, onClose, children, testId }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <aside
      data-testid={testId ?? 'drawer'}
      className="fixed inset-0 z-40 overflow-y-auto border-l border-line bg-panel md:static md:z-auto md:w-[28rem] md:shrink-0"
    >
      <header className="sticky top-0 z-10 flex items-center gap-2 border-b border-line bg-panel px-4 py-2">
        <h2 className="min-w-0 flex-1 font-semibold">{title}</h2>
        <button
          type="button"
          className="button button-flat min-w-touch px-2"
          onClick={onClose}
          aria-label={t('action.close')}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="space-y-4 p-4 pb-24 md:pb-4">{children}</div>
    </aside>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
