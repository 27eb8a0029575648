import { PlantroomError } from '@plantroom/contracts';
import { lifeSafetyClasses, type PointBinding } from '@plantroom/device-profiles';

/** The last gate before the wire, whoever calls and whatever he was told. Throws READ_ONLY_CLASS for fire and elevators. */
export function assertWritable({ class: of, equipment, point }: PointBinding): void {
  if (!lifeSafetyClasses.has(of)) return;
  throw new PlantroomError(
    'READ_ONLY_CLASS',
    `${equipment}/${point} is of class ${of}; nothing of ${[...lifeSafetyClasses].join(', ')} is ever written`,
  );
}
