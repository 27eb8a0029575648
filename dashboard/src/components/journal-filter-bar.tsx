import { alarmPriorities, type JournalFilter, journalActions, journalClocks, systems } from '@plantroom/contracts';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { historicalChoices, togglePriority } from '../format/journal-filter.ts';
import { zonedInput, zonedInputMs } from '../format/zoned-input.ts';
import { useSystemName } from '../state/names.ts';
import { AlarmShape } from './alarm-shape.tsx';

export type FilterChange = Readonly<Record<string, string | readonly string[] | null>>;

interface Props {
  filter: JournalFilter;
  timeZone: string;
  /** Keys of the address with their new values; null or empty: without. */
  onChange: (change: FilterChange) => void;
}

const typingMs = 350;

/** Everything that the journal can be searched by; what is chosen stands in the address. */
export function JournalFilterBar({ filter, timeZone, onChange }: Props) {
  const { t } = useTranslation();
  const systemName = useSystemName();
  const priorities = [filter.priority ?? []].flat();
  const historical = filter.historical === undefined ? 'with' : filter.historical ? 'only' : 'without';
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2" data-testid="journal-filter">
      <SearchField text={filter.q ?? ''} onChange={(q) => onChange({ q })} />
      <Choice
        label={t('journalFilter.system')}
        value={filter.system ?? ''}
        onChange={(system) => onChange({ system })}
        testId="journal-system"
      >
        <option value="">{t('journalFilter.allSystems')}</option>
        {systems.map((system) => (
          <option key={system} value={system}>
            {systemName(system)}
          </option>
        ))}
      </Choice>
      <Choice
        label={t('journal.action')}
        value={[filter.action ?? ''].flat()[0] ?? ''}
        onChange={(action) => onChange({ action })}
        testId="journal-action"
      >
        <option value="">{t('journalFilter.allActions')}</option>
        {journalActions.map((action) => (
          <option key={action} value={action}>
            {t(`journalAction.${action}`)}
          </option>
        ))}
      </Choice>
      {alarmPriorities.map((priority) => (
        <button
          key={priority}
          type="button"
          className={`button px-2 ${priorities.includes(priority) ? 'ring-2 ring-ink' : ''}`}
          aria-pressed={priorities.includes(priority)}
          title={t(`priority.${priority}`)}
          onClick={() => onChange({ priority: togglePriority(priorities, priority) })}
          data-testid={`journal-priority-${priority}`}
        >
          <AlarmShape priority={priority} />
        </button>
      ))}
      <label className="button cursor-pointer px-2">
        <input
          type="checkbox"
          className="h-4 w-4 accent-[rgb(var(--dim))]"
          checked={filter.lifeSafety === true}
          onChange={(event) => onChange({ lifeSafety: event.target.checked ? '1' : null })}
        />
        {t('journalFilter.lifeSafety')}
      </label>
      <Choice
        label={t('journalFilter.historical')}
        value={historical}
        onChange={(value) => onChange({ historical: value === 'with' ? null : value })}
      >
        {historicalChoices.map((choice) => (
          <option key={choice} value={choice}>
            {t(`journalHistorical.${choice}`)}
          </option>
        ))}
      </Choice>
      <div className="flex w-full flex-wrap items-center gap-2 sm:w-auto">
        <Choice
          label={t('journalFilter.clock')}
          value={filter.clock ?? 'recorded'}
          onChange={(clock) => onChange({ clock: clock === 'recorded' ? null : clock })}
        >
          {journalClocks.map((clock) => (
            <option key={clock} value={clock}>
              {t(`journalClock.${clock}`)}
            </option>
          ))}
        </Choice>
        {(['from', 'to'] as const).map((end) => (
          <input
            key={end}
            type="datetime-local"
            className="field num w-auto min-w-[12rem] flex-1 sm:flex-none"
            aria-label={t(`journalFilter.${end}`)}
            title={t(`journalFilter.${end}`)}
            value={filter[end] === undefined ? '' : zonedInput(filter[end], timeZone)}
            onChange={(event) => {
              const ms = zonedInputMs(event.target.value, timeZone);
              onChange({ [end]: ms === null ? null : String(ms) });
            }}
            data-testid={`journal-${end}`}
          />
        ))}
      </div>
      {Object.keys(filter).length > 0 && (
        <button
          type="button"
          className="button button-flat"
          onClick={() => onChange(Object.fromEntries(addressKeys.map((key) => [key, null])))}
          data-testid="journal-clear"
        >
          {t('journalFilter.clear')}
        </button>
      )}
    </div>
  );
}

const addressKeys = [
  'q',
  'system',
  'action',
  'priority',
  'lifeSafety',
  'historical',
  'clock',
  'from',
  'to',
  'of',
  'equipment',
  'test',
];

/** Searches when the typing pauses. */
function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onChange(typed.trim()), typingMs);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <input
      className="field w-full min-w-0 sm:w-64"
      type="search"
      placeholder={t('journalFilter.search')}
      aria-label={t('journalFilter.search')}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      data-testid="journal-search"
    />
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
  testId?: string;
}

function Choice({ label, value, onChange, children, testId }: ChoiceProps) {
  return (
    <select
      className="field w-auto min-w-0 max-w-full"
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      data-testid={testId}
    >
      {children}
    </select>
  );
}
