import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import { useRefreshNotifications } from '../api/notifications.ts';
import { Drawer } from './drawer.tsx';
import { useProblemText } from './states.tsx';

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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const problemText = useProblemText(problem);
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await act();
      await refresh();
      onClose();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(onSave);
  };
  return (
    <Drawer title={title} onClose={onClose}>
      <form className="space-y-3" onSubmit={submit} data-testid="editor">
        {children}
        {problem !== null && (
          <p role="alert" className="break-words font-medium">
            {problem instanceof ApiProblem && problem.field !== null && (
              <code className="mr-1 text-xs">{problem.field}</code>
            )}
            {problemText}
          </p>
        )}
        <div className="flex gap-2">
          <button type="submit" className="button button-main flex-1" disabled={busy} data-testid="editor-save">
            {t('notify.save')}
          </button>
          {onRemove !== undefined && (
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => void run(onRemove)}
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
