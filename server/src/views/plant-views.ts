import {
  type CurrentValue,
  type Equipment,
  type EquipmentDetail,
  type Gateway,
  type Point,
  type PointWithValue,
  unit,
} from '@plantroom/contracts';
import type { ClassPoint } from '@plantroom/device-profiles';
import { readOnlyClass } from '../commands/command-rules.ts';
import type { CurrentValues } from '../current/current-values.ts';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import type { EquipmentPlace, GatewayPlace, PointPlace } from '../engine/plant.ts';
import type { OutboxEntry } from '../outboxes/outbox-book.ts';

export interface ViewSources {
  engine: Engine;
  catalog: ServerCatalog;
  current: CurrentValues;
}

const yesNo = { true: { zh: '是', en: 'Yes' }, false: { zh: '否', en: 'No' } };

/** What screens are served, from plant, catalogue and rules. */
export function equipmentView({ engine, catalog }: ViewSources, place: EquipmentPlace): Equipment {
  const equipmentClass = catalog.classes.get(place.class);
  const points = engine.plant.pointsOf(place.id);
  return {
    id: place.id,
    site: place.site,
    class: place.class,
    className: equipmentClass?.name ?? { zh: place.class, en: place.class },
    system: equipmentClass?.system ?? 'environment',
    name: place.name,
    space: place.space,
    parent: place.parent,
    dependsOn: place.dependsOn,
    mimic: equipmentClass?.mimic ?? null,
    gateways: [...new Set(points.map((point) => point.gateway))],
    devices: [...new Set(points.map((point) => point.device))],
  };
}

export function equipmentDetail(sources: ViewSources, place: EquipmentPlace): EquipmentDetail {
  return { ...equipmentView(sources, place), points: pointViews(sources, place) };
}

/** Points in the order of the class, then those that it does not know. */
export function pointViews({ engine, catalog }: ViewSources, place: EquipmentPlace): Point[] {
  const meaning = catalog.classes.get(place.class)?.points ?? {};
  const order = Object.keys(meaning);
  const rank = (point: PointPlace): number => {
    const at = order.indexOf(nameOf(point));
    return at === -1 ? order.length : at;
  };
  const definitions = engine.settings.definitionsOf(place.id);
  // A birth may say what it likes.
  const written = readOnlyClass(place.id, { plant: engine.plant, catalog }) === null;
  return engine.plant
    .pointsOf(place.id)
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
    .map((point) => ({
      ...pointView(point, meaning[nameOf(point)]),
      write: written ? point.write : null,
      limits: definitions.flatMap((d) =>
        d.source === point.id && d.condition.type === 'limit'
          ? [
              {
                alarm: d.id,
                kind: d.condition.kind,
                limit: d.condition.limit,
                deadband: d.condition.deadband ?? 0,
                onDelayMs: d.onDelayMs,
                offDelayMs: d.offDelayMs,
                priority: d.priority,
                opensOrder: d.opensOrder,
                enabled: d.enabled,
                origin: d.origin,
              },
            ]
          : [],
      ),
    }));
}

export function withValue(point: Point, current: CurrentValues): PointWithValue {
  const silent: CurrentValue = {
    point: point.id,
    value: null,
    quality: 'bad',
    reason: 'comm-lost',
    wireTimeMs: 0,
    ingestTimeMs: 0,
  };
  return { ...point, ...(current.get(point.id) ?? silent) };
}

export type GatewayCounts = Pick<Gateway, 'sequenceGaps' | 'rebirthsRequested'>;

/** Holes that a gateway is served with; those of a time are asked for as history. */
const newestHoles = 20;

export function gatewayView(
  engine: Engine,
  place: GatewayPlace,
  { counts, outbox }: { counts: GatewayCounts | undefined; outbox: OutboxEntry },
): Gateway {
  return {
    ...place,
    watermarkMs: engine.watermarkOf(place.id),
    pointCount: engine.plant.pointCount(place.id),
    sequenceGaps: counts?.sequenceGaps ?? 0,
    rebirthsRequested: counts?.rebirthsRequested ?? 0,
    outbox: outbox.state,
    holes: outbox.holes.slice(-newestHoles),
  };
}

const nameOf = (point: PointPlace): string => point.id.split('/')[2] ?? point.id;

function pointView(point: PointPlace, meaning: ClassPoint | undefined): Omit<Point, 'limits' | 'write'> {
  const name = nameOf(point);
  const kind = meaning?.kind ?? 'number';
  const unitName = meaning?.unit ?? point.unit ?? 'none';
  return {
    id: point.id,
    equipment: point.equipment,
    name: meaning?.name ?? { zh: name, en: name },
    kind,
    unit: unitName,
    symbol: unit(unitName).symbol,
    precision: meaning?.precision ?? (kind === 'number' || kind === 'counter' ? 1 : 0),
    range: meaning?.range ?? null,
    states: statesOf(meaning),
    lane: point.lane,
    silenceMs: point.silenceMs,
    derived: point.derived,
    main: meaning?.main ?? false,
  };
}

function statesOf(meaning: ClassPoint | undefined): Point['states'] {
  if (meaning?.kind === 'boolean') {
    const words = meaning.words ?? yesNo;
    return [
      { value: 0, name: words.false },
      { value: 1, name: words.true },
    ];
  }
  if (meaning?.states === undefined) return null;
  return Object.entries(meaning.states).map(([value, name]) => ({ value: Number(value), name }));
}
