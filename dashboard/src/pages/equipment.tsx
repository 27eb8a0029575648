import type { EquipmentDetail } from '@plantroom/contracts';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { useEquipment, useHistory, useSpaces } from '../api/queries.ts';
import { HistoryChart } from '../charts/history-chart.tsx';
import { AlarmSettingDrawer } from '../components/alarm-setting-drawer.tsx';
import { AlarmSettingsList } from '../components/alarm-settings-list.tsx';
import { ShapeOf } from '../components/alarm-shape.tsx';
import { AlarmLine } from '../components/alarm-strip.tsx';
import { Fact } from '../components/drawer.tsx';
import { OrderLine } from '../components/order-line.tsx';
import { Page, Section } from '../components/page.tsx';
import { PointDrawer } from '../components/point-drawer.tsx';
import { PointTable } from '../components/point-table.tsx';
import { RunGlyph, runPoint } from '../components/run-glyph.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { SupplyList } from '../components/supply-list.tsx';
import { TestModePanel } from '../components/test-mode-panel.tsx';
import { compareAlarms, worstOf } from '../format/alarm-look.ts';
import { firstCharted, mainPoints } from '../format/points.ts';
import { liveStore } from '../live/live.ts';
import { useAlarms, useLiveOrders, useLiveScope } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { useEquipmentIndex, useSite } from '../state/site.ts';

const sparkMs = 6 * 3_600_000;
const sparkResolutionMs = 360_000;
/** Points a request may name, by the contract. */
const sparkLimit = 50;

export default function EquipmentPage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const systemName = useSystemName();
  const { site: siteId, equipment: slug } = useParams();
  const id = `${siteId}/${slug}`;
  const query = useEquipment(id);
  const site = useSite();
  const [search, setSearch] = useSearchParams();
  useLiveScope({ kind: 'equipment', ids: [id] });
  const detail = query.data;
  const pointId = search.get('point');
  const point = detail?.points.find((each) => each.id === pointId);
  const alarmId = search.get('alarm');
  const choose = (next: string | null) => {
    setSearch(next === null ? {} : { point: next }, { replace: true });
  };
  const chooseAlarm = (next: string | null) => {
    setSearch(next === null ? {} : { alarm: next }, { replace: true });
  };
  const timeZone = site?.timeZone ?? 'UTC';
  const crumbs = [
    ...(site === undefined ? [] : [{ label: text(site.name), to: `/sites/${site.id}` }]),
    ...(detail === undefined
      ? []
      : [{ label: systemName(detail.system), to: `/sites/${detail.site}/systems/${detail.system}` }]),
  ];
  return (
    <Page
      title={detail === undefined ? id : text(detail.name)}
      crumbs={crumbs}
      aside={detail !== undefined && <StateOf detail={detail} />}
      drawer={
        point !== undefined ? (
          <PointDrawer point={point} timeZone={timeZone} onClose={() => choose(null)} />
        ) : (
          detail !== undefined &&
          alarmId !== null && (
            <AlarmSettingDrawer detail={detail} alarm={alarmId} timeZone={timeZone} onClose={() => chooseAlarm(null)} />
          )
        )
      }
    >
      <Loaded query={query} what={t('equipment.failed', { id })} rows={10}>
        {(loaded) => (
          <Body
            key={loaded.id}
            detail={loaded}
            timeZone={timeZone}
            selected={pointId}
            onSelect={choose}
            alarm={alarmId}
            onAlarm={chooseAlarm}
          />
        )}
      </Loaded>
    </Page>
  );
}

function StateOf({ detail }: { detail: EquipmentDetail }) {
  const text = useLocalText();
  const worst = worstOf(useAlarms().filter((alarm) => alarm.equipment === detail.id));
  return (
    <>
      <RunGlyph point={runPoint(detail.points)} />
      <span className="text-dim">{text(detail.className)}</span>
      {worst !== undefined && <ShapeOf alarm={worst} size={26} />}
    </>
  );
}

interface BodyProps {
  detail: EquipmentDetail;
  timeZone: string;
  selected: string | null;
  onSelect: (id: string | null) => void;
  alarm: string | null;
  onAlarm: (id: string | null) => void;
}

function Body({ detail, timeZone, selected, onSelect, alarm, onAlarm }: BodyProps) {
  const { t } = useTranslation();
  const text = useLocalText();
  const equipment = useEquipmentIndex();
  const spaces = useSpaces().data;
  const alarms = useAlarms();
  const allOrders = useLiveOrders();
  const orders = useMemo(() => allOrders.filter((order) => order.equipment === detail.id), [allOrders, detail.id]);
  const mine = useMemo(
    () => alarms.filter((alarm) => alarm.equipment === detail.id).sort(compareAlarms),
    [alarms, detail.id],
  );
  const [all, setAll] = useState(false);
  const [charted, setCharted] = useState<string[]>(() => {
    const first = firstCharted(detail.class, detail.points);
    return first === undefined ? [] : [first.id];
  });
  const main = useMemo(() => mainPoints(detail.points), [detail.points]);
  const rest = useMemo(() => detail.points.filter((point) => !main.includes(point)), [detail.points, main]);
  const shown = all ? [...main, ...rest] : main;
  const [toMs] = useState(() => Math.ceil(liveStore.serverNow() / 60_000) * 60_000);
  const sparkIds = shown
    .filter((point) => point.kind !== 'string')
    .slice(0, sparkLimit)
    .map((point) => point.id);
  const sparks = useHistory({
    points: sparkIds,
    fromMs: toMs - sparkMs,
    toMs,
    resolutionMs: sparkResolutionMs,
    aggregate: 'mean',
  });
  const toggle = (id: string) =>
    setCharted((now) => (now.includes(id) ? now.filter((each) => each !== id) : [...now, id].slice(-6)));
  const chartPoints = useMemo(
    () => charted.flatMap((id) => detail.points.find((point) => point.id === id) ?? []),
    [charted, detail.points],
  );
  const space = spaces?.find((each) => each.id === detail.space || each.id === `${detail.site}/${detail.space}`);
  const nameOf = (id: string) => {
    const unit = equipment.get(id);
    return unit === undefined ? id : text(unit.name);
  };
  return (
    <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <Section
        title={t('equipment.values')}
        aside={
          rest.length > 0 && (
            <button type="button" className="button px-2" onClick={() => setAll(!all)} aria-expanded={all}>
              {all ? t('equipment.mainOnly') : t('equipment.all', { count: detail.points.length })}
            </button>
          )
        }
      >
        {detail.points.length === 0 ? (
          <Empty title={t('equipment.noPoints')} hint={t('equipment.noPointsHint')} />
        ) : (
          <PointTable
            points={shown}
            charted={charted}
            onChart={toggle}
            selected={selected}
            onSelect={onSelect}
            sparks={sparks.data ?? []}
            sparkFromMs={toMs - sparkMs}
            sparkToMs={toMs}
          />
        )}
      </Section>
      <div className="min-w-0 space-y-3">
        <HistoryChart points={chartPoints} alarms={mine} orders={orders} timeZone={timeZone} />
        <Section title={t('equipment.alarms')}>
          {mine.length === 0 ? (
            <p className="text-faint">{t('equipment.noAlarms')}</p>
          ) : (
            <ul className="divide-y divide-line">
              {mine.map((alarm) => (
                <AlarmLine key={alarm.id} alarm={alarm} />
              ))}
            </ul>
          )}
        </Section>
        <TestModePanel detail={detail} timeZone={timeZone} />
        <AlarmSettingsList detail={detail} selected={alarm} onSelect={onAlarm} />
        <Section title={t('equipment.orders')}>
          {orders.length === 0 ? (
            <p className="text-faint">{t('equipment.noOrders')}</p>
          ) : (
            <ul className="divide-y divide-line">
              {orders.map((order) => (
                <OrderLine key={order.id} order={order} compact />
              ))}
            </ul>
          )}
        </Section>
        <Section title={t('equipment.documents')}>
          <dl className="grid grid-cols-2 gap-3">
            <Fact label={t('equipment.class')}>
              {text(detail.className)} <code className="text-xs text-faint">{detail.class}</code>
            </Fact>
            <Fact label={t('equipment.space')}>{space === undefined ? (detail.space ?? '–') : text(space.name)}</Fact>
            <Fact label={t('equipment.parent')}>
              {detail.parent === null ? (
                '–'
              ) : (
                <Link className="link" to={`/equipment/${detail.parent}`}>
                  {nameOf(detail.parent)}
                </Link>
              )}
            </Fact>
            <Fact label={t('equipment.dependsOn')}>
              <SupplyList dependsOn={detail.dependsOn} nameOf={nameOf} />
            </Fact>
            <Fact label={t('equipment.devices')}>
              {detail.devices.length === 0 ? '–' : detail.devices.map((id) => <div key={id}>{id}</div>)}
            </Fact>
            <Fact label={t('equipment.id')}>
              <code className="text-xs">{detail.id}</code>
            </Fact>
          </dl>
        </Section>
      </div>
    </div>
  );
}
