import { lag, type Tick } from '../tick.ts';

/** Fire in a zone. Optical density in %/m; detectors of a zone stand in a row, the seat under the first of them. */
export interface FireSeat {
  /** Since it began, s; 0: nothing burns. */
  flamingS: number;
  smoulderingS: number;
  /** Carbon monoxide in the zone. */
  coPpm: number;
  /** Nothing of the zone has stirred in the last step: it need not be looked at until something befalls it. */
  still: boolean;
}

export const coldSeat: FireSeat = { flamingS: 0, smoulderingS: 0, coPpm: 0, still: false };

/** Open fire: grows with t² (fast, NFPA 72: 1 MW after 150 s) until the room is full. */
const fullSmoke = 30;
const growthS = 150;
/** Ceiling jet from one detector to the next, and how much thinner it gets. */
const spreadS = 6;
const spreadShare = 0.85;
/** Smouldering makes less smoke, slowly, and hardly carries it on. */
const smoulderSmoke = 6;
const smoulderS = 1800;
const smoulderShare = 0.55;
/** Carbon monoxide of engines without ventilation, and of a fire that lacks air, once it has spread. */
const exhaustPpm = 350;
const smoulderPpm = 200;
const coSpreadS = 600;
/** The stimulus of a test or of a show: at the seat at once, thinner by this much at each further detector. */
const stimulusSmoke = 12;
const stimulusFall = 2.5;

export function stepSeat(seat: FireSeat, levels: SmokeLevels, dtS: number): FireSeat {
  const goalPpm = exhaustPpm * levels.exhaust + smoulderPpm * levels.smouldering;
  const burns = levels.flaming > 0 || levels.smouldering > 0;
  if (!burns && goalPpm === 0 && seat.flamingS === 0 && seat.smoulderingS === 0 && seat.coPpm === 0) return seat;
  const coPpm = lag(seat.coPpm, goalPpm, { dtS, tauS: coSpreadS });
  return {
    still: false,
    coPpm: coPpm < 0.01 ? 0 : coPpm,
    flamingS: levels.flaming > 0 ? seat.flamingS + dtS : 0,
    smoulderingS: levels.smouldering > 0 ? seat.smoulderingS + dtS : 0,
  };
}

/** How big each source of smoke is, 0 … 1. */
export interface SmokeLevels {
  flaming: number;
  smouldering: number;
  stimulus: number;
  exhaust: number;
}

export function smokeLevels(zone: string, tick: Tick): SmokeLevels {
  return {
    flaming: tick.fault(zone, 'open-fire'),
    smouldering: tick.fault(zone, 'smouldering-fire'),
    stimulus: tick.fault(zone, 'smoke'),
    exhaust: tick.fault(zone, 'carbon-monoxide'),
  };
}

/** Smoke that is drawn to the detector at this place in the row, %/m. */
export function smokeAt(place: number, seat: FireSeat, levels: SmokeLevels): number {
  const arrivedS = Math.max(0, seat.flamingS - spreadS * place);
  const flaming = levels.flaming * fullSmoke * Math.min(1, (arrivedS / growthS) ** 2) * spreadShare ** place;
  const smouldering =
    levels.smouldering * smoulderSmoke * (1 - Math.exp(-seat.smoulderingS / smoulderS)) * smoulderShare ** place;
  const stimulus = levels.stimulus > 0 ? Math.max(0, stimulusSmoke * levels.stimulus - stimulusFall * place) : 0;
  return flaming + smouldering + stimulus;
}
