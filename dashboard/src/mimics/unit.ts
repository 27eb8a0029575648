import type { Alarm, Equipment, Point } from '@plantroom/contracts';
import type { ComponentType } from 'react';

/** One piece of equipment as a mimic draws it. */
export interface Unit {
  equipment: Equipment;
  points: readonly Point[];
  alarms: readonly Alarm[];
}

export interface MimicProps {
  unit: Unit;
  /** Parts of it, e.g. the pumps of a set. */
  children: readonly Unit[];
}

export type Mimic = ComponentType<MimicProps>;
