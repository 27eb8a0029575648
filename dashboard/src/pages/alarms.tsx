import { type Alarm, alarmPriorities } from '@plantroom/contracts';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { AlarmBulkBar } from '../components/alarm-bulk-bar.tsx';
import { AlarmDrawer } from '../components/alarm-drawer.tsx';
import { AlarmGroupRows } from '../components/alarm-group-rows.tsx';
import { AlarmShape } from '../components/alarm-shape.tsx';
import { AlarmTabs } from '../components/alarm-tabs.tsx';
import { FloodBanners } from '../components/flood-banner.tsx';
import { FloodRows } from '../components/flood-rows.tsx';
import { HiddenTabs } from '../components/hidden-counts.tsx';
import { Page } from '../components/page.tsx';
import { Empty, Problem, Skeleton } from '../components/states.tsx';
import { filterFrom, matchesFilter, stateFilters } from '../format/alarm-filter.ts';
import { inSight, summariseFlood } from '../format/alarm-flood.ts';
import { type AlarmGroup, groupAlarms } from '../format/alarm-groups.ts';
import { compareAlarms, needsAck } from '../format/alarm-look.ts';
import { useAlarms, useLinkState, useLiveLoaded, useLiveScope } from '../live/use-live.ts';
import { usePermissions } from '../state/permissions.ts';
import { useEquipmentIndex, useTimeZone } from '../state/site.ts';
import { useAlarmActs } from '../state/use-alarm-acts.ts';
import { useFloodOf } from '../state/use-flood-of.ts';
import { useListKeys } from '../state/use-list-keys.ts';

export default function AlarmsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const timeZone = useTimeZone();
  const alarms = useAlarms();
  const loaded = useLiveLoaded();
  const link = useLinkState();
  const equipment = useEquipmentIndex();
  const permissions = usePermissions();
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const { busy, problem, act } = useAlarmActs();
  useLiveScope({ kind: 'none' });

  const filter = useMemo(() => filterFrom(search), [search]);
  const shown = useMemo(() => {
    const wordsOf = (alarm: Alarm) => {
      const unit = equipment.get(alarm.equipment ?? '');
      const { name } = alarm.guidance;
      return `${name.zh} ${name.en} ${alarm.source} ${unit?.name.zh ?? ''} ${unit?.name.en ?? ''}`;
    };
    return alarms.filter((alarm) => matchesFilter(alarm, filter, wordsOf)).sort(compareAlarms);
  }, [alarms, filter, equipment]);

  const isFlat = search.get('view') === 'flat';
  const groups = useMemo(
    () => (isFlat ? shown.map((alarm) => ({ alarm, after: [], suppressed: [] })) : groupAlarms(shown, alarms)),
    [shown, alarms, isFlat],
  );
  const floods = useFloodOf();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  // Whoever looks for something is shown all of it.
  const isSummed = floods.isAny && !isFlat && filter.text.trim() === '' && filter.priority === null;
  const summed = summariseFlood(groups, {
    isInFlood: (alarm) => isSummed && floods.floodOf(alarm) !== undefined,
    systemOf: floods.systemOf,
  });
  // Nobody acknowledges in one go what is in a closed line.
  const visible = inSight(summed, open);
  const selectedId = search.get('alarm');
  const selected = alarms.find((alarm) => alarm.id === selectedId);
  const setParam = useCallback(
    (key: string, value: string | null) =>
      setSearch(
        (now) => {
          const next = new URLSearchParams(now);
          if (value === null || value === '') next.delete(key);
          else next.set(key, value);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const select = useCallback((id: string) => setParam('alarm', id), [setParam]);
  const check = useCallback((id: string) => {
    setChecked((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);

  const toggle = useCallback((key: string) => {
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  const row = (group: AlarmGroup) => (
    <AlarmGroupRows
      key={group.alarm.id}
      group={group}
      timeZone={timeZone}
      selected={selectedId}
      checked={checked}
      onSelect={select}
      onCheck={check}
    />
  );

  const done = useCallback(() => setChecked(new Set()), []);
  const chosen = alarms.filter((alarm) => checked.has(alarm.id));
  useListKeys({
    ids: visible.map(({ id }) => id),
    selected: selectedId,
    onSelect: select,
    letters: {
      a: (id) => {
        const alarm = alarms.find((each) => each.id === id);
        if (permissions.acknowledge && alarm !== undefined && needsAck(alarm) && !busy)
          void act([alarm.id], { kind: 'ack', comment: '' });
      },
      x: (id) => {
        if (id !== null) check(id);
      },
    },
  });

  return (
    <Page
      title={t('nav.alarms')}
      aside={<AlarmTabs />}
      drawer={
        selected !== undefined && (
          <AlarmDrawer
            key={selected.id}
            alarm={selected}
            timeZone={timeZone}
            busy={busy}
            problem={problem}
            onAct={(what) => act([selected.id], what)}
            onClose={() => setParam('alarm', null)}
          />
        )
      }
    >
      <FloodBanners />
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <select
          className="field w-auto"
          aria-label={t('alarms.state')}
          value={filter.state}
          onChange={(event) => setParam('state', event.target.value)}
          data-testid="filter-state"
        >
          {stateFilters.map((state) => (
            <option key={state} value={state}>
              {t(`alarmFilter.${state}`)}
            </option>
          ))}
        </select>
        {alarmPriorities.map((priority) => (
          <button
            key={priority}
            type="button"
            className={`button px-2 ${filter.priority === priority ? 'ring-2 ring-ink' : ''}`}
            aria-pressed={filter.priority === priority}
            onClick={() => setParam('priority', filter.priority === priority ? null : priority)}
          >
            <AlarmShape priority={priority} />
            <span className="hidden sm:inline">{t(`priority.${priority}`)}</span>
          </button>
        ))}
        <HiddenTabs alarms={alarms} chosen={filter.state} onChoose={(state) => setParam('state', state)} />
        <button
          type="button"
          className={`button px-2 ${isFlat ? '' : 'ring-2 ring-ink'}`}
          aria-pressed={!isFlat}
          onClick={() => setParam('view', isFlat ? null : 'flat')}
          data-testid="alarm-grouped"
        >
          {t('alarms.grouped')}
        </button>
        <input
          className="field w-auto min-w-[10rem] flex-1 sm:max-w-xs"
          type="search"
          placeholder={t('alarms.search')}
          aria-label={t('alarms.search')}
          value={filter.text}
          onChange={(event) => setParam('q', event.target.value)}
        />
      </div>
      {permissions.acknowledge && (
        <AlarmBulkBar shown={visible} chosen={chosen} timeZone={timeZone} busy={busy} onAct={act} onDone={done} />
      )}
      {selected === undefined && (
        <Problem error={problem} className="mb-2 rounded border border-edge bg-raised px-3 py-2" />
      )}
      {!loaded && link !== 'down' ? (
        <Skeleton rows={8} />
      ) : shown.length === 0 ? (
        <Empty
          title={t(!loaded ? 'alarms.unknown' : alarms.length === 0 ? 'alarms.none' : 'alarms.noneShown')}
          hint={t(!loaded ? 'alarms.unknownHint' : alarms.length === 0 ? 'alarms.noneHint' : 'alarms.noneShownHint')}
        />
      ) : (
        <ul
          className={`rounded border border-line border-t-0 bg-panel ${link === 'live' ? '' : 'opacity-70'}`}
          data-testid="alarm-list"
        >
          <FloodRows list={summed} open={open} onToggle={toggle} row={row} />
        </ul>
      )}
    </Page>
  );
}
