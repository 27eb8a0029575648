import { isImminent, runtimeS, type Ups, upsData } from '../power/ups.ts';
import type { PointValues } from './point-values.ts';

export function upsPoints(ups: Ups): PointValues {
  const loadPct = (ups.loadW / upsData.ratedW) * 100;
  const outputV = ups.outputOff ? 0 : ups.onBypass ? ups.inputV : upsData.outputV;
  const charge = ups.batteryConnected ? Math.min(1, ups.storedWh / ups.fullWh) : 0;
  return {
    online: !ups.onBattery && !ups.onBypass && !ups.outputOff,
    'on-battery': ups.onBattery && !ups.outputOff,
    'on-bypass': ups.onBypass,
    'output-off': ups.outputOff,
    fault: ups.inverterFailed,
    'power-fault': ups.inverterFailed,
    'input-unacceptable': !ups.inputOk,
    overload: loadPct > 100,
    'self-test': ups.testS > 0,
    'high-efficiency': false,
    'shutdown-imminent': isImminent(ups),
    'transfer-cause': ups.transferCause,
    'battery-disconnected': !ups.batteryConnected,
    'battery-replace': ups.testFailed && ups.batteryConnected,
    'battery-fault': ups.chargerFailed,
    'battery-test-failed': ups.testFailed,
    runtime: runtimeS(ups),
    charge: charge * 100,
    // Float 2.27 V a cell, 1.75 V when empty.
    'battery-voltage': ups.batteryConnected ? upsData.cellsV * (0.875 + 0.26 * charge * (ups.onBattery ? 0.6 : 1)) : 0,
    'battery-temperature': ups.batteryC,
    load: loadPct,
    'apparent-load': loadPct / loadFactor,
    'output-voltage': outputV,
    'output-current': outputV > 0 ? ups.loadW / loadFactor / outputV : 0,
    'output-frequency': ups.outputOff ? 0 : 50,
    'output-energy': ups.outputKwh,
    'input-voltage': ups.inputV,
    efficiency: ups.onBattery || ups.inputW <= 0 ? null : Math.min(100, (ups.loadW / ups.inputW) * 100),
    'nominal-power': upsData.ratedW,
    'nominal-apparent-power': upsData.ratedVa,
  };
}

/** Servers with active correction. */
const loadFactor = 0.98;
