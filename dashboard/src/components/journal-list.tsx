import type { JournalRow, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useSitePoints } from '../api/queries.ts';
import { dateTimeSeconds } from '../format/time.ts';
import { useLocalText } from '../state/i18n.ts';
import { pointsById, useEquipmentIndex, useSite } from '../state/site.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { useDetailsText } from './use-details-text.ts';

interface Props {
  rows: readonly JournalRow[];
  timeZone: string;
  selected: number | null;
  onSelect: (row: JournalRow) => void;
}

const noPoints: readonly Point[] = [];
/** Columns in rem, so that the heading in its smaller letters stands above them. */
const columns =
  'lg:grid-cols-[10.5rem_1.75rem_7.5rem_minmax(0,1.1fr)_minmax(0,1.3fr)_minmax(0,1.1fr)_6.5rem_minmax(0,1.2fr)]';
const card = 'grid-cols-[2em_minmax(0,1fr)_auto]';

/** Entries as lines, on a phone and beside a drawer as small cards; each opens its alarm. */
export function JournalList({ rows, timeZone, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const compact = selected !== null;
  return (
    <div className="rounded border border-line bg-panel" data-testid="journal">
      {!compact && (
        <div className={`hidden gap-x-3 border-b border-line px-3 py-2 text-xs text-faint lg:grid ${columns}`}>
          {(['time', 'priority', 'action', 'equipment', 'alarm', 'state', 'user', 'comment'] as const).map((column) => (
            <span key={column}>
              {column === 'priority' ? (
                <span className="sr-only">{t('journal.priority')}</span>
              ) : (
                t(`journal.${column}`)
              )}
            </span>
          ))}
        </div>
      )}
      <ul>
        {rows.map((row) => (
          <JournalLine
            key={row.seq}
            row={row}
            timeZone={timeZone}
            compact={compact}
            selected={row.seq === selected}
            onSelect={() => onSelect(row)}
          />
        ))}
      </ul>
    </div>
  );
}

function JournalLine({
  row,
  timeZone,
  compact,
  selected,
  onSelect,
}: {
  row: JournalRow;
  timeZone: string;
  compact: boolean;
  selected: boolean;
  onSelect: () => void;
}) {
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex().get(row.equipment ?? '');
  const points = useSitePoints(useSite()?.id).data ?? noPoints;
  const details = useDetailsText(timeZone)(row.details);
  // A flood is of a position, which its name says.
  const place = row.details?.flood === undefined ? (row.alarm.split('#')[0] ?? row.alarm) : '';
  const where = equipment === undefined ? place : text(equipment.name);
  const point = pointsById(points).get(row.alarm.split('#')[0] ?? '');
  const what = row.name !== null ? text(row.name) : point !== undefined ? text(point.name) : row.alarm;
  const state =
    row.stateBefore === row.stateAfter
      ? t(`alarmState.${row.stateAfter}`)
      : `${t(`alarmState.${row.stateBefore}`)} → ${t(`alarmState.${row.stateAfter}`)}`;
  const words = [row.comment, details].filter((each) => each !== null && each !== '').join(' · ');
  const wide = compact ? '' : 'lg:block';
  const narrow = compact ? '' : 'lg:hidden';
  const placed = compact ? '' : 'lg:order-none';
  const isLate = row.historical || row.action === 'corrected';
  return (
    <li className="border-t border-line first:border-t-0" data-testid="journal-row" data-seq={row.seq}>
      <button
        type="button"
        className={`grid min-h-11 w-full items-start gap-x-3 px-3 py-1.5 text-left hover:bg-raised lg:min-h-9 ${card} ${compact ? '' : columns} ${selected ? 'bg-raised shadow-[inset_3px_0_0_rgb(var(--ink))]' : ''}`}
        onClick={onSelect}
        aria-pressed={selected}
      >
        <span
          className={`num order-3 text-right text-xs text-dim ${compact ? '' : 'lg:order-none lg:text-left lg:text-[length:inherit]'}`}
        >
          {dateTimeSeconds(row.atMs, timeZone)}
          {isLate && (
            <span className="block text-xs text-faint">
              {t('journal.recorded', { time: dateTimeSeconds(row.recordedMs, timeZone) })}
            </span>
          )}
        </span>
        <span className={`order-1 ${placed}`}>
          <AlarmShape priority={row.priority} />
        </span>
        <span className={`order-2 min-w-0 ${placed}`}>
          <span className={compact ? 'font-medium' : 'font-medium lg:font-normal'}>
            {t(`journalAction.${row.action}`)}
          </span>
          {row.historical && <span className="block text-xs text-faint">{t('journal.historical')}</span>}
          <span className={`block text-xs text-dim ${narrow}`}>
            {[where, what].filter((each) => each !== '').join(' · ')}
          </span>
          <span className={`block text-xs text-dim ${narrow}`}>
            {[state, row.user ?? '', words].filter((each) => each !== '').join(' · ')}
          </span>
        </span>
        <span className={`hidden min-w-0 break-words text-dim ${wide}`}>{where}</span>
        <span className={`hidden min-w-0 break-words ${wide}`}>
          {row.lifeSafety && (
            <b className="mr-1.5 rounded bg-p1 px-1 text-xs text-[rgb(var(--on-alarm))]">{t('lifeSafety.short')}</b>
          )}
          {what}
        </span>
        <span className={`hidden min-w-0 text-dim ${wide}`}>{state}</span>
        <span className={`hidden min-w-0 truncate ${wide}`}>{row.user ?? '–'}</span>
        <span className={`hidden min-w-0 break-words text-dim ${wide}`}>{words}</span>
      </button>
    </li>
  );
}
