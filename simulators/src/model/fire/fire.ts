import type { Tick } from '../tick.ts';

export type DetectorState = 'normal' | 'pre-alarm' | 'fire' | 'fault' | 'disabled';

/** A detector by its loop address. */
export interface Detector {
  address: number;
  zone: string;
  state: DetectorState;
  /** Optical density, %/m. */
  smoke: number;
}

export interface Fire {
  detectors: Detector[];
}

export interface FireZoneSpec {
  id: string;
  /** Loop addresses. */
  detectors: readonly number[];
}

export interface FireIds {
  panel: string;
  zones: readonly FireZoneSpec[];
}

const preAlarmSmoke = 2;
const fireSmoke = 4;
/** Smoke at the seat of a fire of severity 1, and how much less the next detector has. */
const seatSmoke = 12;
const fallOff = 2.5;

export function newFire(ids: FireIds): Fire {
  return {
    detectors: ids.zones.flatMap((zone) =>
      zone.detectors.map((address): Detector => ({ address, zone: zone.id, state: 'normal', smoke: 0 })),
    ),
  };
}

export function stepFire(fire: Fire, ids: FireIds, tick: Tick): Fire {
  const index = new Map<string, number>();
  const detectors = fire.detectors.map((detector) => {
    const place = index.get(detector.zone) ?? 0;
    index.set(detector.zone, place + 1);
    const source = tick.fault(detector.zone, 'smoke');
    const goal = source <= 0 ? 0 : Math.max(0, seatSmoke * source - fallOff * place);
    // The seat fills within seconds, its neighbours later; smoke clears slowly.
    const tauS = goal > detector.smoke ? 1 + 12 * place : 8;
    const smoke = goal + (detector.smoke - goal) * Math.exp(-tick.dtS / tauS);
    const settled = smoke < 0.001 ? 0 : smoke;
    const state = stateOf(settled, {
      last: place === (sizes(ids).get(detector.zone) ?? 0) - 1,
      fault: tick.fault(detector.zone, 'detector-fault') > 0,
      disabled: tick.fault(detector.zone, 'detector-disabled') > 0,
    });
    return settled === detector.smoke && state === detector.state ? detector : { ...detector, smoke: settled, state };
  });
  return { detectors };
}

/** The last detector of a zone is the one that fails or is taken out, so that smoke is still seen by the first. */
function stateOf(smoke: number, of: { last: boolean; fault: boolean; disabled: boolean }): DetectorState {
  if (of.last && of.disabled) return 'disabled';
  if (of.last && of.fault) return 'fault';
  if (smoke >= fireSmoke) return 'fire';
  return smoke >= preAlarmSmoke ? 'pre-alarm' : 'normal';
}

const sizeCache = new WeakMap<FireIds, Map<string, number>>();

function sizes(ids: FireIds): Map<string, number> {
  let found = sizeCache.get(ids);
  if (found === undefined) {
    found = new Map(ids.zones.map((zone) => [zone.id, zone.detectors.length]));
    sizeCache.set(ids, found);
  }
  return found;
}
