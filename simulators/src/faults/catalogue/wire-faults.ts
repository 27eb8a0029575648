import type { FaultSpec } from '../fault-spec.ts';
import { exceptions } from './wire/exceptions.ts';
import { frames } from './wire/frames.ts';
import { messages } from './wire/messages.ts';
import { silences } from './wire/silences.ts';
import { values } from './wire/values.ts';

/** Faults between a device and the gateway. */
export const wireFaults: readonly FaultSpec[] = [...silences, ...exceptions, ...frames, ...values, ...messages];
