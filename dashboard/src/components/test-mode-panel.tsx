import type { EquipmentDetail, TestMode } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/queries.ts';
import { actOnTestMode, type TestModeAct } from '../api/test-modes.ts';
import { dateTime } from '../format/time.ts';
import { useTestModes } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { useRequest } from '../state/use-request.ts';
import { Fact } from './drawer.tsx';
import { Section } from './page.tsx';
import { TimeLeft } from './state-text.tsx';
import { Problem } from './states.tsx';
import { ExtendTestForm, RequestTestForm } from './test-mode-forms.tsx';

type Form = 'request' | 'extend' | null;

/** Test mode of one equipment: what runs, and what the user may do about it. */
export function TestModePanel({ detail, timeZone }: { detail: EquipmentDetail; timeZone: string }) {
  const { t } = useTranslation();
  const mode = useTestModes().find(({ equipment }) => equipment.includes(detail.id));
  const { acknowledge: works, outOfService: approves } = usePermissions();
  const user = useSession().data?.username;
  const [form, setForm] = useState<Form>(null);
  const { busy, problem, run } = useRequest();
  const act = (what: TestModeAct) =>
    run(async () => {
      await actOnTestMode(what);
      setForm(null);
    });
  return (
    <Section title={t('testMode.title')} testId="test-mode-panel">
      {mode === undefined ? (
        <p className="text-faint">{t('testMode.none')}</p>
      ) : (
        <Facts mode={mode} timeZone={timeZone} />
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        {mode === undefined && works && form === null && (
          <button type="button" className="button" onClick={() => setForm('request')} data-testid="test-request">
            {t('testMode.ask')}
          </button>
        )}
        {mode?.state === 'requested' && approves && mode.requestedBy !== user && (
          <button
            type="button"
            className="button button-main"
            disabled={busy}
            onClick={() => void act({ kind: 'approve', id: mode.id })}
            data-testid="test-approve"
          >
            {t('testMode.approve')}
          </button>
        )}
        {mode?.state === 'running' && approves && form === null && (
          <button type="button" className="button" onClick={() => setForm('extend')} data-testid="test-extend">
            {t('testMode.extend')}
          </button>
        )}
        {mode !== undefined && works && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void act({ kind: 'end', id: mode.id })}
            data-testid="test-end"
          >
            {t(mode.state === 'running' ? 'testMode.end' : 'testMode.withdraw')}
          </button>
        )}
      </div>
      {mode?.state === 'requested' && mode.requestedBy === user && (
        <p className="mt-2 text-dim">{t('testMode.needsOther')}</p>
      )}
      {form === 'request' && mode === undefined && (
        <RequestTestForm detail={detail} busy={busy} onAct={(what) => void act(what)} onCancel={() => setForm(null)} />
      )}
      {form === 'extend' && mode?.state === 'running' && (
        <ExtendTestForm mode={mode} busy={busy} onAct={(what) => void act(what)} onCancel={() => setForm(null)} />
      )}
      <Problem error={problem} className="mt-2 rounded border border-edge bg-raised px-3 py-2" />
    </Section>
  );
}

function Facts({ mode, timeZone }: { mode: TestMode; timeZone: string }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const index = useEquipmentIndex();
  const names = mode.equipment.map((id) => {
    const unit = index.get(id);
    return unit === undefined ? id : text(unit.name);
  });
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-3 gap-y-2 rounded border-2 border-offduty p-3">
        <Fact label={t('testMode.state')}>
          {t(mode.state === 'running' ? 'testMode.running' : 'testMode.requested')}
        </Fact>
        <Fact label={t('hiding.until')}>
          <span className="num">{dateTime(mode.untilMs, timeZone)}</span> · <TimeLeft untilMs={mode.untilMs} />
        </Fact>
        <Fact label={t('testMode.requestedBy')}>{mode.requestedBy}</Fact>
        <Fact label={t('testMode.approvedBy')}>{mode.approvedBy ?? '–'}</Fact>
        <Fact label={t('testMode.equipment')}>{names.join(t('alarms.and'))}</Fact>
        <Fact label={t('testMode.workOrder')}>{mode.workOrder ?? '–'}</Fact>
        <div className="col-span-2">
          <Fact label={t('testMode.reason')}>{mode.reason}</Fact>
        </div>
      </dl>
      {mode.state === 'running' && <p className="mt-2 text-dim">{t('testMode.meaning')}</p>}
    </>
  );
}
