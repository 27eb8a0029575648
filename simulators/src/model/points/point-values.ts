import type { PointValue } from '@plantroom/contracts';

/** Canonical values of one equipment by class point, in the class point's unit. */
export type PointValues = Readonly<Record<string, PointValue>>;
