import type { TestMode } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dateTime } from '../format/time.ts';
import { useTestModes } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex, useTimeZone } from '../state/site.ts';
import { TimeLeft } from './state-text.tsx';

/** Across every page while anything is in test: what, who, until when. It cannot be put away. */
export function TestModeBand() {
  const modes = useTestModes();
  if (modes.length === 0) return null;
  return (
    <div
      className="max-h-[30vh] shrink-0 overflow-y-auto border-b-2 border-offduty bg-panel"
      data-testid="test-mode-band"
    >
      {modes.map((mode) => (
        <Line key={mode.id} mode={mode} />
      ))}
    </div>
  );
}

function Line({ mode }: { mode: TestMode }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex();
  const timeZone = useTimeZone();
  const { approvedBy, requestedBy, untilMs } = mode;
  const names = mode.equipment.map((id) => {
    const unit = equipment.get(id);
    return unit === undefined ? id : text(unit.name);
  });
  const people =
    approvedBy === null
      ? t('testMode.askedBy', { user: requestedBy })
      : t('testMode.people', { user: requestedBy, approver: approvedBy });
  return (
    <Link
      to={`/equipment/${mode.equipment[0]}`}
      className="flex min-h-touch flex-wrap items-center gap-x-3 px-4 py-1 hover:bg-raised md:min-h-9"
      data-state={mode.state}
    >
      <b className="rounded border-2 border-offduty px-1.5 text-offduty">
        {t(mode.state === 'running' ? 'testMode.running' : 'testMode.requested')}
      </b>
      <span className="min-w-0 max-w-full break-words font-semibold">{names.join(t('alarms.and'))}</span>
      <span className="text-dim">{people}</span>
      <span className="ml-auto whitespace-nowrap">
        {t('testMode.until')} <span className="num">{dateTime(untilMs, timeZone)}</span> ·{' '}
        <TimeLeft untilMs={untilMs} />
      </span>
    </Link>
  );
}
