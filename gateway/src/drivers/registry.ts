import type { DriverFactory } from './driver.ts';
import { modbusDriver } from './modbus/modbus-factory.ts';
import { mqttDriver } from './mqtt/mqtt-factory.ts';

/** The one list: a protocol is its folder and its line here. */
export const driverRegistry: readonly DriverFactory[] = [modbusDriver, mqttDriver];
