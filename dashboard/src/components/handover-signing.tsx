import type { ShiftHandover } from '@plantroom/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { leaveShift, saveHandoverNotes, takeShift } from '../api/handovers.ts';
import { dateTime } from '../format/time.ts';
import { usePermissions } from '../state/permissions.ts';
import { useRequest } from '../state/use-request.ts';
import { Section } from './page.tsx';
import { Problem } from './states.tsx';

/** Notes and the two signatures: the leaving engineer's keeps the report, the taking one's ends it. */
export function HandoverSigning({ handover, timeZone }: { handover: ShiftHandover; timeZone: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const may = usePermissions().acknowledge;
  const [notes, setNotes] = useState(handover.notes);
  const [remark, setRemark] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useRequest();
  useEffect(() => setNotes(handover.notes), [handover.notes]);
  const act = (how: () => Promise<unknown>) =>
    run(async () => {
      await how();
      setPassword('');
      await queries.invalidateQueries({ queryKey: ['handover'] });
      await queries.invalidateQueries({ queryKey: ['handovers'] });
    });
  const { site, fromMs, id } = handover;
  const scope = { site, fromMs, ...(handover.position === null ? {} : { position: handover.position.id }) };
  const signature = (user: string | null, ms: number | null) =>
    user === null || ms === null ? t('handover.unsigned') : `${user} · ${dateTime(ms, timeZone)}`;
  return (
    <Section title={t('handover.notes')} testId="handover-signing">
      {handover.state === 'open' && may ? (
        <form className="space-y-2 print:hidden" onSubmit={(event) => event.preventDefault()}>
          <textarea
            className="field min-h-28"
            aria-label={t('handover.notes')}
            placeholder={t('handover.notesHint')}
            maxLength={10_000}
            value={notes}
            onChange={(event) => setNotes(event.target.value)}
            data-testid="handover-notes"
          />
          <div className="flex flex-wrap gap-2">
            <button
              type="button"
              className="button"
              disabled={busy || notes === handover.notes}
              onClick={() => void act(() => saveHandoverNotes({ ...scope, notes }))}
              data-testid="handover-save"
            >
              {t('handover.save')}
            </button>
            <button
              type="button"
              className="button button-main"
              disabled={busy}
              onClick={() => void act(() => leaveShift({ ...scope, notes }))}
              data-testid="handover-leave"
            >
              {t('handover.leave')}
            </button>
            <span className="text-xs text-faint">{t('handover.leaveHint')}</span>
          </div>
        </form>
      ) : null}
      <p className={`whitespace-pre-wrap ${handover.state === 'open' && may ? 'hidden print:block' : ''}`}>
        {handover.notes === '' ? t('handover.noNotes') : handover.notes}
      </p>
      {handover.state === 'left' && may && id !== null && (
        <form
          className="mt-3 space-y-2 print:hidden"
          onSubmit={(event) => {
            event.preventDefault();
            const signer = username.trim() === '' ? {} : { username: username.trim(), password };
            const words = remark.trim() === '' ? {} : { remark: remark.trim() };
            void act(() => takeShift(id, { ...signer, ...words }));
          }}
        >
          <p className="text-xs text-faint">{t('handover.takeHint')}</p>
          <div className="flex flex-wrap gap-2">
            <input
              className="field w-auto min-w-0 flex-1"
              aria-label={t('signIn.username')}
              placeholder={t('signIn.username')}
              autoComplete="off"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
              data-testid="handover-username"
            />
            <input
              className="field w-auto min-w-0 flex-1"
              type="password"
              aria-label={t('signIn.password')}
              placeholder={t('signIn.password')}
              autoComplete="off"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              data-testid="handover-password"
            />
          </div>
          <input
            className="field"
            aria-label={t('handover.remark')}
            placeholder={t('handover.remark')}
            maxLength={2_000}
            value={remark}
            onChange={(event) => setRemark(event.target.value)}
          />
          <button type="submit" className="button button-main" disabled={busy} data-testid="handover-take">
            {t('handover.take')}
          </button>
        </form>
      )}
      <Problem error={problem} className="mt-2 font-medium" testId="handover-problem" />
      <dl className="mt-3 grid gap-3 sm:grid-cols-2">
        <div>
          <dt className="text-xs text-faint">{t('handover.leftBy')}</dt>
          <dd className="num">{signature(handover.leftBy, handover.leftMs)}</dd>
        </div>
        <div>
          <dt className="text-xs text-faint">{t('handover.takenBy')}</dt>
          <dd className="num">{signature(handover.takenBy, handover.takenMs)}</dd>
          {handover.remark !== null && <dd>{handover.remark}</dd>}
        </div>
      </dl>
    </Section>
  );
}
