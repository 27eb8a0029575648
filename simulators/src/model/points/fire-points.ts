import type { Detector, DetectorState } from '../fire/fire.ts';
import type { PointValues } from './point-values.ts';

const count = (detectors: readonly Detector[], state: DetectorState): number =>
  detectors.filter((detector) => detector.state === state).length;

export function firePanelPoints(detectors: readonly Detector[]): PointValues {
  return {
    'fire-count': count(detectors, 'fire'),
    'co-count': 0,
    'pre-alarm-count': count(detectors, 'pre-alarm'),
    'supervisory-count': 0,
    'fault-count': count(detectors, 'fault'),
    'disabled-count': count(detectors, 'disabled'),
    'active-count': count(detectors, 'fire'),
    silenced: false,
    'mains-fault': false,
    'battery-fault': false,
  };
}

export function fireZonePoints(detectors: readonly Detector[]): PointValues {
  return {
    fire: count(detectors, 'fire') > 0,
    'co-alarm': false,
    'pre-alarm': count(detectors, 'pre-alarm') > 0,
    supervisory: false,
    fault: count(detectors, 'fault') > 0,
    disabled: count(detectors, 'disabled') > 0,
    'alarm-count': count(detectors, 'fire'),
    'first-detector': detectors.find((detector) => detector.state === 'fire')?.address ?? 0,
    'first-module': 0,
  };
}
