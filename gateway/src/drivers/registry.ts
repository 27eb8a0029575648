import type { DriverFactory } from './driver.ts';

/** The one list: a protocol is its folder and its line here. */
export const driverRegistry: readonly DriverFactory[] = [];
