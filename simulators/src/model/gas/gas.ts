import { Random, seedFor } from '../random.ts';
import { byHour, lag, type Tick } from '../tick.ts';

/** Natural gas in a kitchen, with its detector and the valve and fan that the gas controller works by itself. */
export interface GasRoom {
  id: string;
  /** In the air, share of volume. */
  share: number;
  /** What the detector shows, % of the lower explosive limit. */
  readingPct: number;
  /** The controller has shut the gas off; stays so until somebody opens the valve again. */
  isShut: boolean;
}

export interface Gas {
  random: number;
  rooms: GasRoom[];
}

/** Of methane in air, share of volume. */
const lowerLimit = 0.05;
const volumeM3 = 120;
/** Air changes, 1/h: the hood's fan while there is cooking, leaks of the room else, the emergency fan. */
const cookingPerH = 12;
const idlePerH = 0.4;
const emergencyPerH = 15;
const leakM3h = 6;
/** What escapes unburnt at the burners, m³/h. */
const burnersM3h = 0.25;
/** Controller's own second stage, % LEL. */
const shutPct = 25;
const sensorTauS = 12;

/** How much is cooked, 0 … 1. */
const cookingByHour = [
  [5, 0],
  [6.5, 0.6],
  [8.5, 0.2],
  [10.5, 1],
  [12.5, 1],
  [14, 0.1],
  [16.5, 0.7],
  [18.5, 0.6],
  [20, 0],
] as const;

export function newGas(ids: readonly string[], seed: number): Gas {
  return { random: seedFor(seed, 'gas'), rooms: ids.map((id) => ({ id, share: 0, readingPct: 0, isShut: false })) };
}

export function stepGas(gas: Gas, tick: Tick): Gas {
  const random = new Random(gas.random);
  const cooking = tick.calendar.workday ? byHour(tick.calendar.hour, cookingByHour) : 0;
  const rooms = gas.rooms.map((room) => stepRoom(room, { tick, cooking, noise: random.normal() }));
  return { random: random.state, rooms };
}

function stepRoom(room: GasRoom, { tick, cooking, noise }: { tick: Tick; cooking: number; noise: number }): GasRoom {
  const { dtS } = tick;
  const leak = tick.fault(room.id, 'gas-leak');
  // A person opens the valve again once the leak is mended and the air is clean.
  const isShut = room.readingPct >= shutPct || (room.isShut && (leak > 0 || room.readingPct > 2));
  const escapesM3h = isShut ? 0 : leakM3h * leak + burnersM3h * cooking;
  const fanPerH = isShut ? emergencyPerH : cooking > 0.05 ? cookingPerH : idlePerH;
  const steady = escapesM3h / (volumeM3 * fanPerH);
  const share = lag(room.share, steady, { dtS, tauS: 3600 / fanPerH });
  const truePct = (share / lowerLimit) * 100 - 12 * tick.fault(room.id, 'gas-sensor-drift');
  return { ...room, share, isShut, readingPct: lag(room.readingPct, truePct + 0.3 * noise, { dtS, tauS: sensorTauS }) };
}
