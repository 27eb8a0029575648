import {
  type Alarm,
  type Equipment,
  openWorkOrderStates,
  type Point,
  type Site,
  type System,
  suppliers,
} from '@plantroom/contracts';
import { Card, Tracker } from '@tremor/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEquipmentList, useSitePoints, useSites } from '../api/queries.ts';
import { ShapeOf } from '../components/alarm-shape.tsx';
import { EquipmentLine } from '../components/equipment-line.tsx';
import { EquipmentTile } from '../components/equipment-tile.tsx';
import { Icon } from '../components/icons.tsx';
import { Page } from '../components/page.tsx';
import { runPoint } from '../components/run-glyph.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { byEquipment, isAnnounced, needsAck, worstOf } from '../format/alarm-look.ts';
import {
  useAlarms,
  useLinkState,
  useLiveDevices,
  useLiveGateways,
  useLiveOrders,
  useLiveScope,
} from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { usePreferences } from '../state/preferences.ts';
import { pointsByEquipment, useSite } from '../state/site.ts';

const noPoints: Point[] = [];
const noAlarms: Alarm[] = [];

export default function Overview() {
  const { t } = useTranslation();
  const text = useLocalText();
  const site = useSite();
  const sites = useSites();
  const wall = usePreferences().density === 'wall';
  const list = useEquipmentList();
  const mine = useMemo(() => (list.data ?? []).filter((each) => each.site === site?.id), [list.data, site?.id]);
  return (
    <Page
      title={site === undefined ? t('nav.overview') : text(site.name)}
      aside={wall && site !== undefined && <WallFacts site={site} equipment={mine} />}
    >
      <Loaded query={sites} what={t('overview.failed')} rows={8}>
        {() =>
          site === undefined ? (
            <Empty title={t('overview.emptyTitle')} hint={t('overview.emptyHint')} />
          ) : (
            <Loaded query={list} what={t('overview.failed')} rows={8}>
              {() => <Building site={site} equipment={mine} />}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  );
}

function Building({ site, equipment }: { site: Site; equipment: Equipment[] }) {
  const { t } = useTranslation();
  const wall = usePreferences().density === 'wall';
  const points = useSitePoints(site.id).data;
  const pointMap = useMemo(() => pointsByEquipment(points ?? []), [points]);
  const mainIds = useMemo(
    () => [
      ...new Set(
        [...pointMap.values()].flatMap((each) => {
          const run = runPoint(each);
          const shown = each.filter((point) => point.main || point.kind === 'boolean');
          return [...shown, ...(run === undefined ? [] : [run])].map((point) => point.id);
        }),
      ),
    ],
    [pointMap],
  );
  // A class may declare no main point (an unknown device); then everything of the site comes.
  useLiveScope(
    mainIds.length > 0 && mainIds.length < 2000 ? { kind: 'points', ids: mainIds } : { kind: 'site', site: site.id },
  );
  const alarms = useAlarms();
  const alarmMap = useMemo(() => byEquipment(alarms), [alarms]);
  return (
    <div className="space-y-3">
      {!wall && <Summary site={site} equipment={equipment} />}
      {equipment.length === 0 && <Empty title={t('overview.noEquipment')} hint={t('overview.noEquipmentHint')} />}
      <div className="gap-3 [columns:34rem]">
        {order.map((system) => (
          <SystemPanel
            key={system}
            system={system}
            site={site}
            equipment={equipment.filter((each) => each.system === system)}
            pointMap={pointMap}
            alarmMap={alarmMap}
          />
        ))}
      </div>
    </div>
  );
}

/** Two columns of like height from two short panels and a long one each. */
const order: readonly System[] = ['elevators', 'water', 'environment', 'power', 'fire', 'hvac'];

/** Classes of which one value says it all. */
const sensorClasses = new Set(['gas-detector', 'hvac-zone', 'leak-detector', 'sump']);

/** Pumps of a set, zones of a panel, feeders of a board: a line each, so that the whole building fits one screen. */
function isPart(equipment: Equipment, all: readonly Equipment[]): boolean {
  if (sensorClasses.has(equipment.class)) return true;
  return all.some(
    (each) =>
      each.id !== equipment.id &&
      (each.id === equipment.parent ||
        (each.class === equipment.class && suppliers(equipment.dependsOn).includes(each.id))),
  );
}

interface PanelProps {
  system: System;
  site: Site;
  equipment: Equipment[];
  pointMap: Map<string, Point[]>;
  alarmMap: Map<string, Alarm[]>;
}

function SystemPanel({ system, site, equipment, pointMap, alarmMap }: PanelProps) {
  const { t } = useTranslation();
  const systemName = useSystemName();
  const wall = usePreferences().density === 'wall';
  if (equipment.length === 0) return null;
  const alarms = equipment.flatMap((each) => alarmMap.get(each.id) ?? []).filter(isAnnounced);
  const worst = worstOf(alarms);
  const lines = equipment.filter((each) => isPart(each, equipment));
  const tiles = equipment.filter((each) => !lines.includes(each));
  return (
    <Card className="mb-3 break-inside-avoid p-3" data-testid="system-panel" data-system={system}>
      <Link to={`/sites/${site.id}/systems/${system}`} className="mb-2 flex min-h-8 items-center gap-2 hover:underline">
        <Icon name={system} />
        <h2 className="font-semibold">{systemName(system)}</h2>
        <span className="text-xs text-faint">{t('overview.count', { count: equipment.length })}</span>
        <span className="ml-auto inline-flex items-center gap-1">
          {worst !== undefined && (
            <>
              <ShapeOf alarm={worst} />{' '}
              <span className="num text-xs text-dim">{t('overview.alarms', { count: alarms.length })}</span>
            </>
          )}
        </span>
      </Link>
      <div className="grid auto-rows-[minmax(2.125rem,auto)] grid-cols-[repeat(auto-fill,minmax(min(100%,15.5rem),1fr))] gap-1.5">
        {tiles.map((each) => (
          <EquipmentTile
            key={each.id}
            equipment={each}
            points={pointMap.get(each.id) ?? noPoints}
            alarms={alarmMap.get(each.id) ?? noAlarms}
            count={wall ? 2 : 3}
          />
        ))}
        {lines.map((each) => (
          <EquipmentLine
            key={each.id}
            equipment={each}
            points={pointMap.get(each.id) ?? noPoints}
            alarms={alarmMap.get(each.id) ?? noAlarms}
          />
        ))}
      </div>
    </Card>
  );
}

/** On the wall the height belongs to the systems: the same facts in one line beside the title. */
function WallFacts({ site, equipment }: { site: Site; equipment: Equipment[] }) {
  const { facts } = useFacts(site, equipment);
  const link = useLinkState();
  return (
    <div className="flex flex-wrap items-baseline gap-x-6" data-testid="summary">
      {facts.slice(0, 3).map((fact) => (
        <Link key={fact.label} to={fact.to} className="flex items-baseline gap-2 hover:underline">
          <span className="text-dim">{fact.label}</span>
          <span className={`num text-xl font-semibold ${link === 'live' ? '' : 'frozen'}`}>{fact.value}</span>
          <span className="text-xs text-faint">{fact.note}</span>
        </Link>
      ))}
    </div>
  );
}

function useFacts(site: Site, equipment: Equipment[]) {
  const { t } = useTranslation();
  const alarms = useAlarms().filter(isAnnounced);
  const orders = useLiveOrders().filter(
    (order) => openWorkOrderStates.includes(order.state) && order.equipment.startsWith(`${site.id}/`),
  );
  const devices = useLiveDevices().filter((device) => device.id.startsWith(`${site.id}/`));
  const gateways = useLiveGateways().filter((gateway) => gateway.site === site.id);
  const mine = alarms.filter((alarm) => alarm.source.startsWith(`${site.id}/`));
  const offline =
    devices.filter((device) => !device.online).length + gateways.filter((gateway) => !gateway.online).length;
  const facts = [
    {
      label: t('overview.openAlarms'),
      value: mine.length,
      note: t('overview.unacked', { count: mine.filter(needsAck).length }),
      to: '/alarms',
    },
    {
      label: t('overview.openOrders'),
      value: orders.length,
      note: t('overview.unassigned', { count: orders.filter((order) => order.assignee === null).length }),
      to: '/work-orders',
    },
    {
      label: t('overview.offline'),
      value: offline,
      note: t('overview.ofDevices', { count: devices.length + gateways.length }),
      to: '/devices',
    },
    {
      label: t('overview.equipment'),
      value: equipment.length,
      note: t('overview.inAlarm', { count: new Set(mine.flatMap((alarm) => alarm.equipment ?? [])).size }),
      to: '/alarms',
    },
  ];
  return { facts, devices };
}

function Summary({ site, equipment }: { site: Site; equipment: Equipment[] }) {
  const { t } = useTranslation();
  const { facts, devices } = useFacts(site, equipment);
  const link = useLinkState();
  return (
    <div
      className="grid grid-cols-2 gap-3 lg:grid-cols-[repeat(4,minmax(0,1fr))_minmax(0,1.6fr)]"
      data-testid="summary"
    >
      {facts.map((fact) => (
        <Link key={fact.label} to={fact.to} className="rounded border border-line bg-panel px-3 py-2 hover:border-edge">
          <span className="text-xs text-dim">{fact.label}</span>
          <div className="flex items-baseline gap-2">
            <span className={`num text-2xl font-semibold ${link === 'live' ? '' : 'frozen'}`}>{fact.value}</span>
            <span className="truncate text-xs text-faint">{fact.note}</span>
          </div>
        </Link>
      ))}
      <div className="col-span-2 rounded border border-line bg-panel px-3 py-2 lg:col-span-1">
        <span className="text-xs text-dim">{t('overview.devices')}</span>
        {devices.length === 0 ? (
          <p className="text-xs text-faint">{t('overview.noDevices')}</p>
        ) : (
          <Tracker
            className="mt-1 h-6"
            data={devices.slice(0, 60).map((device) => ({
              key: device.id,
              color: device.online ? 'rgb(var(--dim))' : 'rgb(var(--line))',
              tooltip: `${device.id} · ${t(device.online ? 'device.online' : 'device.offline')}`,
            }))}
          />
        )}
      </div>
    </div>
  );
}
