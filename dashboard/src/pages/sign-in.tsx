import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn } from '../api/actions.ts';
import { ApiProblem } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import { useProblemText } from '../components/states.tsx';
import { ViewSwitches } from '../components/view-switches.tsx';
import { useRequest } from '../state/use-request.ts';

export function SignIn() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useRequest();
  const problemText = useProblemText(problem);
  const wrong = problem instanceof ApiProblem && problem.status === 401;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => client.setQueryData(keys.session, await signIn({ username, password })));
  };

  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form className="w-full max-w-sm space-y-4 rounded border border-line bg-panel p-6" onSubmit={submit}>
        <header className="flex items-start justify-between gap-2">
          <div>
            <h1 className="text-xl font-semibold">{t('app.name')}</h1>
            <p className="text-dim">{t('app.motto')}</p>
          </div>
          <ViewSwitches />
        </header>
        <label className="block">
          <span className="text-dim">{t('signIn.username')}</span>
          <input
            className="field mt-1"
            name="username"
            autoComplete="username"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            data-testid="sign-in-username"
          />
        </label>
        <label className="block">
          <span className="text-dim">{t('signIn.password')}</span>
          <input
            className="field mt-1"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            data-testid="sign-in-password"
          />
        </label>
        {problem !== null && (
          <p role="alert" className="font-medium" data-testid="sign-in-error">
            {wrong ? t('signIn.wrong') : problemText}
          </p>
        )}
        <button type="submit" className="button button-main w-full" disabled={busy} data-testid="sign-in-submit">
          {t(busy ? 'signIn.busy' : 'signIn.submit')}
        </button>
        <p className="border-t border-line pt-3 text-xs leading-relaxed text-faint">{t('signIn.firstRun')}</p>
      </form>
    </main>
  );
}
