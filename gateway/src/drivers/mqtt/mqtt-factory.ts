import { PlantroomError, type Problem } from '@plantroom/contracts';
import type { DeviceRuntime } from '../../config/gateway-config.ts';
import type { DriverFactory, DriverOptions } from '../driver.ts';
import { MqttDriver } from './mqtt-driver.ts';
import { isMqttDevice, routesOf, zoneNameOf } from './topic-routes.ts';
import { zoneOf } from './zone.ts';

export const mqttDriver: DriverFactory = {
  protocol: 'mqtt',
  validate: (connection, devices) => devices.flatMap((device) => problemsOf(connection.id, device)),
  create: (options) => new MqttDriver(mqttOptions(options)),
};

function problemsOf(connection: string, device: DeviceRuntime): Problem[] {
  const problem = (path: string, message: string): Problem => ({ source: `device ${device.id}`, path, message });
  if (!isMqttDevice(device)) {
    return [problem('/connection', `connection "${connection}" is mqtt, the device is ${device.profile.protocol}`)];
  }
  const problems = [...routesOf([device]).keys()]
    .filter((topic) => /[+#{}]|^$/.test(topic))
    .map((topic) =>
      problem('/parameters', `topic "${topic}" is not one topic: wildcards + and # and open {} are not allowed`),
    );
  const zone = zoneNameOf(device);
  if (zone !== '' && zoneOf(zone) === undefined) {
    const allowed = 'an IANA name (Asia/Shanghai), an offset (+08:00), or nothing';
    problems.push(problem('/parameters', `"${zone}" is no time zone; allowed: ${allowed}`));
  }
  return problems;
}

function mqttOptions({
  connection,
  devices,
  clock,
  logger,
}: DriverOptions): ConstructorParameters<typeof MqttDriver>[0] {
  const own = devices.filter(isMqttDevice);
  if (connection.protocol !== 'mqtt' || own.length !== devices.length) {
    throw new PlantroomError('DRIVER_MISMATCH', `connection "${connection.id}" and its devices are not all MQTT`);
  }
  return { connection, devices: own, clock, logger };
}
