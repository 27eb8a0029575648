import { Random, seedFor } from '../random.ts';
import { byHour, type Calendar, type Tick } from '../tick.ts';
import { alarmCodes, type BoosterControl, stepControl, stepPressure } from './booster.ts';
import { newPump, type Pump, stepPumpMechanics } from './pump.ts';
import { levelOf, newTank, stepTank, type Tank } from './tank.ts';

/** Tank, booster set and pumps. */
export interface Water {
  random: number;
  tank: Tank;
  control: BoosterControl;
  pumps: Pump[];
  pressureKpa: number;
  inletKpa: number;
  flowM3h: number;
  demandM3h: number;
  /** Slow wander of the draw-off around its daily course. */
  wander: number;
  volumeM3: number;
  poweredS: number;
}

export interface WaterIds {
  booster: string;
  tank: string;
  pumps: readonly string[];
}

export function newWater(ids: WaterIds, seed: number): Water {
  const random = new Random(seedFor(seed, 'water'));
  const pumps = ids.pumps.map((id) =>
    newPump(id, {
      starts: 6000 + random.below(3000),
      runS: (5200 + random.below(1800)) * 3600,
      energyKwh: 9000 + random.below(3000),
    }),
  );
  return {
    random: random.state,
    tank: newTank(2.1),
    control: { speed: 0.85, integral: 0.85, stagingS: 0, alarmCode: 0 },
    pumps: pumps.map((pump, i) => (i === 0 ? { ...pump, running: true, stateS: 0 } : pump)),
    pressureKpa: 450,
    inletKpa: 18,
    flowM3h: 6,
    demandM3h: 6,
    wander: 0,
    volumeM3: 152_300 + random.below(4000),
    poweredS: 15_000 * 3600,
  };
}

/** Draw-off of the building at the set pressure, m³/h. */
function dailyDraw({ hour, workday }: Calendar): number {
  if (!workday)
    return byHour(hour, [
      [5, 2],
      [9, 4],
      [13, 5],
      [19, 4],
      [23, 2],
    ]);
  return byHour(hour, [
    [5, 2],
    [7.5, 9],
    [9, 16],
    [11, 13],
    [12.3, 21],
    [13.5, 15],
    [17.5, 14],
    [19, 7],
    [23, 2.5],
  ]);
}

export function stepWater(water: Water, ids: WaterIds, tick: Tick): Water {
  const { dtS } = tick;
  const random = new Random(water.random);
  const wander = water.wander * Math.exp(-dtS / 90) + 0.02 * Math.sqrt(dtS) * random.normal();
  const demandM3h = Math.max(0.3, dailyDraw(tick.calendar) * (1 + Math.max(-0.5, Math.min(0.5, wander))));

  const level = levelOf(water.tank);
  const suction = tick.fault(ids.booster, 'dry-run');
  const dry = suction > 0.5 || level < 0.15;
  // The suction pipe lies 0.3 m under the tank's floor; a closing valve takes the rest of the head.
  const inletKpa = Math.max(0, (level + 0.3) * 9.8 * (1 - suction) - 0.004 * water.flowM3h ** 2);

  const guarded = protect(water, { tick, dry });
  const { control, running } = stepControl(guarded.control, {
    pressureKpa: water.pressureKpa,
    pumps: guarded.pumps,
    dtS,
    leadFirst: (pump) => tick.fault(pump.id, 'bearing-wear') > 0,
  });
  const turning = dry ? 0 : running.size;
  const moved = stepPressure(
    { pressureKpa: water.pressureKpa, inletKpa, speed: control.speed, running: turning, demandM3h },
    dtS,
  );
  const { tank, drawnM3 } = stepTank(water.tank, moved.flowM3h, dtS);

  const pumps = guarded.pumps.map((pump) => {
    const on = running.has(pump.id);
    const started = on && !pump.running;
    return stepPumpMechanics(
      {
        ...pump,
        running: on,
        starts: pump.starts + (started ? 1 : 0),
        stateS: on === pump.running ? pump.stateS : 0,
        speed: on ? control.speed : 0,
        flowM3h: on && turning > 0 ? moved.flowM3h / turning : 0,
      },
      { riseKpa: moved.pressureKpa - inletKpa, wear: tick.fault(pump.id, 'bearing-wear'), dry, dtS, random },
    );
  });
  return {
    random: random.state,
    tank: { ...tank, temperatureC: waterTemperature(tick.calendar) },
    control,
    pumps,
    pressureKpa: moved.pressureKpa,
    inletKpa,
    flowM3h: moved.flowM3h,
    demandM3h,
    wander,
    volumeM3: water.volumeM3 + drawnM3,
    poweredS: water.poweredS + dtS,
  };
}

/** Trips of single pumps, and the set's own dry-running stop (Grundfos alarm 57); both reset themselves when the cause is gone. */
function protect(water: Water, now: { tick: Tick; dry: boolean }): { control: BoosterControl; pumps: Pump[] } {
  const pumps = water.pumps.map((pump) => ({
    ...pump,
    tripCode: now.tick.fault(pump.id, 'pump-trip') > 0 ? alarmCodes.overload : alarmCodes.none,
  }));
  const tripped = pumps.some((pump) => pump.tripCode !== alarmCodes.none);
  let alarmCode: number = alarmCodes.none;
  if (now.dry) alarmCode = alarmCodes.dryRunning;
  else if (tripped) alarmCode = alarmCodes.overload;
  return { control: { ...water.control, alarmCode }, pumps };
}

function waterTemperature(calendar: Calendar): number {
  return 16.5 + 8 * Math.cos(((calendar.dayOfYear - 215) / 365) * 2 * Math.PI);
}

export function boosterPowerW(water: Water): number {
  return water.pumps.reduce((sum, pump) => sum + pump.powerW, 0) + 120;
}

export function isAtMaxSpeed(water: Water): boolean {
  return water.control.speed >= 0.995 && water.pumps.some((pump) => pump.running);
}
