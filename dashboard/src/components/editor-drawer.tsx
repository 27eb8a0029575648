import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefreshNotifications } from '../api/notifications.ts';
import { useRequest } from '../state/use-request.ts';
import { Drawer } from './drawer.tsx';
import { Problem } from './states.tsx';

interface Props {
  title: string;
  onClose: () => void;
  onSave: () => Promise<unknown>;
  /** Left out: it is new. */
  onRemove?: (() => Promise<unknown>) | undefined;
  /** Left out: remove. */
  removeLabel?: string;
  children: ReactNode;
}

/** A form beside the list; what the server refuses stays in it, with the field. */
export function EditorDrawer({ title, onClose, onSave, onRemove, removeLabel, children }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshNotifications();
  const { busy, problem, run } = useRequest();
  const change = (act: () => Promise<unknown>) =>
    run(async () => {
      await act();
      await refresh();
    }).then((isDone) => {
      if (isDone) onClose();
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change(onSave);
  };
  return (
    <Drawer title={title} onClose={onClose}>
      <form className="space-y-3" onSubmit={submit} data-testid="editor">
        {children}
        <Problem error={problem} />
        <div className="flex gap-2">
          <button type="submit" className="button button-main flex-1" disabled={busy} data-testid="editor-save">
            {t('notify.save')}
          </button>
          {onRemove !== undefined && (
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => void change(onRemove)}
              data-testid="editor-remove"
            >
              {removeLabel ?? t('notify.remove')}
            </button>
          )}
        </div>
      </form>
    </Drawer>
  );
}
