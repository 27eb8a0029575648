import type { LocalText } from '@plantroom/contracts';

/** What some equipment of a class has and other has not. */
export type EquipmentPart =
  | 'incomer'
  | 'feeder'
  | 'booster pump'
  | 'sump pump'
  | 'fresh-air unit'
  | 'electric heater'
  | 'water heater'
  | 'damper'
  | 'sprinklers'
  | 'carbon monoxide detector';

/** A fault that can be switched on, or something that people do to the equipment (`activity`), which no alarm must mistake for a fault. */
export interface FaultSpec {
  id: string;
  name: LocalText;
  kind: 'equipment' | 'wire' | 'activity';
  /** Classes of equipment that it can befall; wire faults befall the devices that serve any equipment. */
  classes: readonly string[] | 'any';
  /** Only equipment of the classes that has it, or is it; left out: all. */
  part?: EquipmentPart;
  /** Protocol of the devices that it can befall; left out: either. */
  over?: 'modbus' | 'mqtt';
  /** Whether a request may, or must, name one point of the equipment; left out: it befalls the whole of it. */
  point?: 'optional' | 'needed';
  /** The failure mode of the field that it stands for; of an activity, the occasion. */
  standsFor: LocalText;
  onset: 'sudden' | 'gradual';
  /** Seconds that it usually takes from its beginning to its full severity; 0 when sudden. */
  usualRampS: number;
  /** What the numbers between 0 and 1 mean. */
  severity: LocalText;
  /** What follows from it physically, in words. */
  effect: LocalText;
}
