import { type Alarm, type Equipment, type Point, type System, systems } from '@plantroom/contracts';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useEquipmentList, useSitePoints } from '../api/queries.ts';
import { AlarmStrip } from '../components/alarm-strip.tsx';
import { EquipmentLine } from '../components/equipment-line.tsx';
import { Page, Section } from '../components/page.tsx';
import { Empty, Loaded, Skeleton } from '../components/states.tsx';
import { byEquipment } from '../format/alarm-look.ts';
import { useAlarms, useLiveScope } from '../live/use-live.ts';
import { groupUnits } from '../mimics/group.ts';
import { mimicFor } from '../mimics/registry.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { pointsByEquipment, useSite } from '../state/site.ts';
import NotFound from './not-found.tsx';

const noPoints: Point[] = [];
const noAlarms: Alarm[] = [];

export default function SystemPage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const systemName = useSystemName();
  const params = useParams();
  const site = useSite();
  const list = useEquipmentList();
  const system = systems.find((each) => each === params.system);
  const mine = useMemo(
    () => (list.data ?? []).filter((each) => each.system === system && each.site === site?.id),
    [list.data, system, site?.id],
  );
  if (system === undefined) return <NotFound />;
  const crumbs = site === undefined ? [] : [{ label: text(site.name), to: `/sites/${site.id}` }];
  return (
    <Page title={systemName(system)} crumbs={crumbs}>
      <Loaded query={list} what={t('overview.failed')} rows={8}>
        {() => <SystemBody system={system} equipment={mine} />}
      </Loaded>
    </Page>
  );
}

function SystemBody({ system, equipment }: { system: System; equipment: Equipment[] }) {
  const { t } = useTranslation();
  const systemName = useSystemName();
  const points = useSitePoints(equipment[0]?.site);
  const alarms = useAlarms();
  useLiveScope(
    equipment.length === 0 ? { kind: 'none' } : { kind: 'equipment', ids: equipment.map((each) => each.id) },
  );
  const pointMap = useMemo(() => pointsByEquipment(points.data ?? []), [points.data]);
  const alarmMap = useMemo(() => byEquipment(alarms), [alarms]);
  const trees = useMemo(
    () =>
      groupUnits(
        equipment.map((each) => ({
          equipment: each,
          points: pointMap.get(each.id) ?? noPoints,
          alarms: alarmMap.get(each.id) ?? noAlarms,
        })),
      ),
    [equipment, pointMap, alarmMap],
  );
  if (equipment.length === 0)
    return <Empty title={t('system.empty', { system: systemName(system) })} hint={t('system.emptyHint')} />;
  const mine = alarms.filter((alarm) => equipment.some((each) => each.id === alarm.equipment));
  return (
    <div className="space-y-3">
      <AlarmStrip alarms={mine} />
      {points.isPending ? (
        <Skeleton rows={6} />
      ) : (
        <div className="grid grid-flow-row-dense grid-cols-[repeat(auto-fill,minmax(min(100%,21rem),1fr))] items-start gap-3">
          {trees.map(({ unit, children }) => {
            const Mimic = mimicFor(unit.equipment);
            return (
              <Mimic key={unit.equipment.id} unit={unit}>
                {children}
              </Mimic>
            );
          })}
        </div>
      )}
      <Section title={t('system.equipment')}>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-2">
          {equipment.map((each) => (
            <EquipmentLine
              key={each.id}
              equipment={each}
              points={pointMap.get(each.id) ?? noPoints}
              alarms={alarmMap.get(each.id) ?? noAlarms}
            />
          ))}
        </div>
      </Section>
    </div>
  );
}
