import { type EquipmentClass, loadCatalog, parseDuration } from '@plantroom/device-profiles';
import { airReaders } from '../../points/air-readers.ts';
import type { PointValues } from '../../points/point-values.ts';
import { seedFor } from '../../random.ts';
import type { Surroundings } from '../../surroundings.ts';
import { calendarIn, type Tick } from '../../tick.ts';
import { type Air, airStepS, newAir, stepAir } from '../air.ts';
import { demoAir } from '../demo-air.ts';

const calendarOf = calendarIn('Asia/Shanghai');
const full = [1, 1, 1];
const quiet: Surroundings = {
  supply: () => full,
  onGenerator: false,
  linkage: { fire: false, shed: [] },
  evacuated: false,
  outdoorC: 20,
  outdoorRh: 60,
  rainMmPerH: 0,
  windMPerS: 3,
};

/** A fault or an activity in hours since the start; a ramp makes it grow. */
export interface Befalls {
  equipment: string;
  fault: string;
  atH: number;
  untilH?: number;
  severity?: number;
  rampH?: number;
}

export interface AirRun {
  /** With its offset. */
  from: string;
  hours: number;
  seed?: number;
  befalls?: readonly Befalls[];
  supply?: (hour: number) => readonly number[];
  fire?: (hour: number) => boolean;
  each?: (air: Air, before: Air, hour: number) => void;
}

/** Air alone, with a building around it that stands still. */
export function runAir({ from, hours, seed = 7, befalls = [], each, supply, fire }: AirRun): Air {
  const startMs = Date.parse(from);
  let air = newAir(demoAir, seedFor(seed, 'test'));
  let calendar = calendarOf(startMs);
  let dayMs = 0;
  for (let second = airStepS; second <= hours * 3600; second += airStepS) {
    const nowMs = startMs + second * 1000;
    // The wall clock is read once an hour; between that it only goes on.
    if (second % 3600 === airStepS) {
      calendar = calendarOf(nowMs);
      dayMs = nowMs;
    }
    const hour = second / 3600;
    const around: Surroundings = {
      ...quiet,
      supply: () => supply?.(hour) ?? full,
      linkage: { ...quiet.linkage, fire: fire?.(hour) ?? false },
    };
    const tick: Tick = {
      nowMs,
      dtS: airStepS,
      calendar: { ...calendar, hour: calendar.hour + (nowMs - dayMs) / 3_600_000 },
      around,
      fault: (equipment, fault) => {
        let level = 0;
        for (const one of befalls) {
          if (one.equipment !== equipment || one.fault !== fault || hour < one.atH || hour >= (one.untilH ?? 1e9))
            continue;
          const grown = one.rampH === undefined ? 1 : Math.min(1, (hour - one.atH) / one.rampH);
          level = Math.max(level, (one.severity ?? 1) * grown);
        }
        return level;
      },
    };
    const before = air;
    air = stepAir(air, demoAir, tick);
    each?.(air, before, hour);
  }
  return air;
}

export interface SeenAlarm {
  alarm: string;
  atH: number;
  untilH: number | undefined;
}

const classOf = new Map<string, string>([
  ...demoAir.zones.map(({ id }) => [id, 'hvac-zone'] as const),
  ...[...demoAir.ahus, ...demoAir.mixingUnits].map(({ id }) => [id, 'ahu'] as const),
  ...demoAir.mixingUnits.flatMap((u) => Object.values(u.actuators).map((id) => [id, 'actuator'] as const)),
  ...demoAir.mixingUnits.flatMap((u) => u.boxes.map(({ id }) => [id, 'vav-box'] as const)),
  ...demoAir.chillers.map(({ id }) => [id, 'chiller'] as const),
  ...demoAir.vrf.units.map(({ id }) => [id, 'vrf-unit'] as const),
]);

/** Looks at every point each minute as the classes' alarms do, with limits, deadbands and delays. */
export function watchAlarms(): { look: (air: Air, hour: number) => void; seen: SeenAlarm[] } {
  const { catalog } = loadCatalog();
  const readers = airReaders(demoAir);
  const seen: SeenAlarm[] = [];
  const states = new Map<string, { active: boolean; sinceH: number | undefined; open: SeenAlarm | undefined }>();
  const look = (air: Air, hour: number): void => {
    for (const [id, read] of readers) {
      const found = catalog.classes.get(classOf.get(id) ?? '');
      if (found === undefined) throw new Error(`no class for ${id}`);
      const values = read(air);
      for (const [name, alarm] of Object.entries(found.alarms)) {
        const value = values[alarm.point];
        if (value === undefined || value === null) continue;
        const key = `${id}/${alarm.point}#${name}`;
        const state = states.get(key) ?? { active: false, sinceH: undefined, open: undefined };
        states.set(key, state);
        const is = holds(alarm.condition, value, state.active);
        if (is === state.active) state.sinceH = undefined;
        else {
          state.sinceH ??= hour;
          const delayH = parseDuration(is ? alarm.onDelay : alarm.offDelay) / 3_600_000;
          if (hour - state.sinceH >= delayH - 1e-9) {
            state.active = is;
            state.sinceH = undefined;
            if (is) {
              state.open = { alarm: key, atH: hour, untilH: undefined };
              seen.push(state.open);
            } else if (state.open !== undefined) state.open.untilH = hour;
          }
        }
      }
    }
  };
  return { look, seen };
}

type Condition = EquipmentClass['alarms'][string]['condition'];

function holds(condition: Condition, value: PointValues[string], active: boolean): boolean {
  switch (condition.type) {
    case 'off-normal':
      return condition.values.some((one) => one === value);
    case 'non-zero':
      return Number(value) !== 0;
    case 'limit': {
      const back = active ? (condition.deadband ?? 0) : 0;
      const number = Number(value);
      return condition.kind.startsWith('H') ? number > condition.limit - back : number < condition.limit + back;
    }
    // Of several points or of time: the scenarios play them.
    default:
      return false;
  }
}

/** A run under the eyes of the classes' alarms. */
export function alarmsOf(run: Omit<AirRun, 'each'>): SeenAlarm[] {
  const watch = watchAlarms();
  let step = 0;
  runAir({ ...run, each: (air, _, hour) => (step++ % 12 === 0 ? watch.look(air, hour) : undefined) });
  return watch.seen;
}
