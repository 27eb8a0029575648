import { type JournalRow, type LocalText, type PointValue, unit } from '@plantroom/contracts';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';

const yesNo = { true: { zh: '是', en: 'Yes' }, false: { zh: '否', en: 'No' } };
const sameIn = (text: string): LocalText => ({ zh: text, en: text });
const digits = 4;

type Told = Pick<JournalRow, 'alarm' | 'occurrence' | 'priority' | 'atMs' | 'value' | 'name' | 'lifeSafety'>;

/** What is told of a line of the journal, from alarm, plant and catalogue. An alarm whose definition is gone is told by its id. */
export function factsSource({
  engine,
  catalog,
}: {
  engine: Engine;
  catalog: ServerCatalog;
}): (entry: Told) => AlarmFacts {
  const { plant, book } = engine;
  return (entry) => {
    const alarm = book.get(entry.alarm)?.alarm;
    const source = alarm?.source ?? entry.alarm.split('#')[0] ?? entry.alarm;
    const siteId = source.split('/')[0] ?? '';
    const site = plant.sites.get(siteId);
    const equipment = plant.equipment.get(alarm?.equipment ?? source.split('/').slice(0, 2).join('/'));
    const equipmentClass = catalog.classes.get(equipment?.class ?? '');
    const spaces = spacesOf(engine, equipment?.space ?? null);
    return {
      alarm: entry.alarm,
      occurrence: entry.occurrence,
      site: siteId,
      siteName: site?.name ?? sameIn(siteId),
      timeZone: site?.timeZone ?? 'UTC',
      equipment: equipment?.id ?? null,
      equipmentName: equipment?.name ?? null,
      place:
        spaces.length === 0
          ? null
          : { zh: spaces.map(({ name }) => name.zh).join(' '), en: spaces.map(({ name }) => name.en).join(', ') },
      building: spaces.find(({ kind }) => kind === 'building')?.name ?? null,
      class: equipment?.class ?? null,
      system: equipmentClass?.system ?? null,
      name: entry.name ?? alarm?.guidance.name ?? sameIn(entry.alarm),
      response: alarm?.guidance.response ?? null,
      priority: entry.priority,
      lifeSafety: entry.lifeSafety || (alarm?.lifeSafety ?? false),
      atMs: entry.atMs,
      value: valueText(engine, { catalog, source, value: entry.value }),
    };
  };
}

/** From the building down. */
function spacesOf({ plant }: Engine, id: string | null) {
  const spaces = [];
  const seen = new Set<string>();
  for (let at = id; at !== null && !seen.has(at); ) {
    seen.add(at);
    const space = plant.spaces.get(at);
    if (space === undefined) break;
    spaces.unshift(space);
    at = space.parent;
  }
  return spaces;
}

function valueText(
  engine: Engine,
  { catalog, source, value }: { catalog: ServerCatalog; source: string; value: PointValue },
): LocalText | null {
  if (value === null || value === '') return null;
  const point = engine.plant.points.get(source);
  const place = engine.plant.equipment.get(point?.equipment ?? '');
  const meaning = catalog.classes.get(place?.class ?? '')?.points[source.split('/')[2] ?? ''];
  if (typeof value === 'string') return sameIn(value);
  if (typeof value === 'boolean' || meaning?.kind === 'boolean') {
    return meaning?.kind === 'boolean' ? (meaning.words ?? yesNo)[value ? 'true' : 'false'] : null;
  }
  const state = meaning?.states?.[String(value)];
  if (state !== undefined) return state;
  const { symbol } = unit(meaning?.unit ?? point?.unit ?? 'none');
  return sameIn(`${Number(value.toPrecision(digits))}${symbol === '' ? '' : ` ${symbol}`}`);
}
