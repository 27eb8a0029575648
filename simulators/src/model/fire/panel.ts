import type { Tick } from '../tick.ts';

/** The panel itself: its supply, what its staff do, and what it orders of other equipment. */
export interface Panel {
  id: string;
  /** Of its battery, 0 … 1. */
  charge: number;
  onBattery: boolean;
  /** Since its mains went, s; 0: they are there. */
  withoutMainsS: number;
  mainsFault: boolean;
  batteryFault: boolean;
  earthFault: boolean;
  /** Since its last look at the battery, s. */
  batteryLookS: number;
  /** False: neither mains nor battery; it is dark and answers nobody. */
  powered: boolean;
  silenced: boolean;
  /** Since a first point is in fire, s; 0: none is. */
  fireS: number;
  /** Since nothing burns any more, s. */
  quietS: number;
  /** Since a fire is confirmed by a second point, s; 0: none is. */
  confirmedS: number;
  /** The building is being emptied, by a confirmed fire or for a drill. */
  evacuation: boolean;
  /** Since a test by its staff began, s. */
  testS: number;
}

export const panelData = {
  batteryAh: 38,
  /** Panel, loops, detectors. */
  standingA: 1.3,
  chargeA: 2,
  /** GB 4717: a fault is shown within 100 s. */
  faultShownS: 100,
  batteryLookEveryS: 600,
  standingW: 180,
} as const;

/** The duty staff silence once somebody is on the way, and reset when the cause has gone and been looked at. */
const silenceAfterS = 120;
const resetAfterQuietS = 300;
/** Test by the staff: change over to battery, then sounders and silence. */
const testBatteryS = 60;
const testSilenceS = 90;

export function newPanel(id: string): Panel {
  return {
    id,
    charge: 1,
    onBattery: false,
    withoutMainsS: 0,
    mainsFault: false,
    batteryFault: false,
    earthFault: false,
    batteryLookS: 0,
    powered: true,
    silenced: false,
    fireS: 0,
    quietS: 0,
    confirmedS: 0,
    evacuation: false,
    testS: 0,
  };
}

export interface PanelInput {
  /** Points in fire one step ago. */
  inFire: number;
  confirmed: boolean;
  /** Something still gives a fire: smoke, or a call point that is pressed. */
  burning: boolean;
  tick: Tick;
}

export function stepPanel(before: Panel, input: PanelInput): Panel {
  const { id } = before;
  const { tick, inFire } = input;
  const { dtS } = tick;
  const testS = tick.fault(id, 'panel-test') > 0 ? before.testS + dtS : 0;
  const onTestBattery = testS > 0 && testS <= testBatteryS;
  const mains = (tick.around.supply('fire')[0] ?? 0) > 0.8 && tick.fault(id, 'panel-mains-lost') === 0;
  const onBattery = !mains || onTestBattery;
  const aged = tick.fault(id, 'panel-battery-aged');
  const ah = panelData.batteryAh * (1 - 0.95 * aged);
  const change = (onBattery ? -panelData.standingA : panelData.chargeA) * (dtS / 3600 / ah);
  const charge = Math.min(1, Math.max(0, before.charge + change));
  const withoutMainsS = mains ? 0 : before.withoutMainsS + dtS;
  // On mains it loads the battery for a moment every ten minutes.
  const looks = mains && before.batteryLookS + dtS >= panelData.batteryLookEveryS;
  const fireS = inFire > 0 ? before.fireS + dtS : 0;
  const quietS = inFire > 0 && !input.burning ? before.quietS + dtS : 0;
  const reset = isReset({ quietS });
  const confirmedS = (input.confirmed || before.confirmedS > 0) && !reset && inFire > 0 ? before.confirmedS + dtS : 0;
  const silencedByStaff = fireS > silenceAfterS && !reset;
  return {
    id,
    charge,
    onBattery,
    withoutMainsS,
    mainsFault: withoutMainsS > panelData.faultShownS,
    batteryFault: looks ? aged > 0.4 : before.batteryFault && aged > 0,
    earthFault: tick.fault(id, 'earth-fault') > 0,
    batteryLookS: looks || !mains ? 0 : before.batteryLookS + dtS,
    powered: !onBattery || charge > 0,
    silenced:
      silencedByStaff || tick.fault(id, 'panel-left-silenced') > 0 || (testS > testBatteryS && testS <= testSilenceS),
    fireS: reset ? 0 : fireS,
    quietS,
    confirmedS,
    evacuation: confirmedS > 0 || tick.fault(id, 'fire-drill') > 0,
    testS,
  };
}

/** The step in which the panel forgets what it held. */
export const isReset = ({ quietS }: Pick<Panel, 'quietS'>): boolean => quietS >= resetAfterQuietS;
