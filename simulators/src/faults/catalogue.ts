import { airActivities } from './catalogue/air-activities.ts';
import { airFaults } from './catalogue/air-faults.ts';
import { backupPowerFaults } from './catalogue/backup-power-faults.ts';
import { coolingFaults } from './catalogue/cooling-faults.ts';
import { drainageFaults } from './catalogue/drainage-faults.ts';
import { elevatorActivities } from './catalogue/elevator-activities.ts';
import { elevatorFaults } from './catalogue/elevator-faults.ts';
import { fireFaults } from './catalogue/fire-faults.ts';
import { powerFaults } from './catalogue/power-faults.ts';
import { pumpFaults } from './catalogue/pump-faults.ts';
import { waterFaults } from './catalogue/water-faults.ts';
import { wireFaults } from './catalogue/wire-faults.ts';
import type { FaultSpec } from './fault-spec.ts';

/** Everything that can be switched on, by system. */
export const faultCatalogue: readonly FaultSpec[] = [
  ...elevatorFaults,
  ...pumpFaults,
  ...waterFaults,
  ...drainageFaults,
  ...powerFaults,
  ...backupPowerFaults,
  ...fireFaults,
  ...airFaults,
  ...coolingFaults,
  ...airActivities,
  ...wireFaults,
  ...elevatorActivities,
];
