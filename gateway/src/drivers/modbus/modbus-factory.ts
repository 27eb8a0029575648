import { PlantroomError, type Problem } from '@plantroom/contracts';
import type { ConnectionConfig, DeviceRuntime } from '../../config/gateway-config.ts';
import type { DriverFactory, DriverOptions } from '../driver.ts';
import { carriesRtu } from './create-line.ts';
import { isModbusDevice } from './modbus-device.ts';
import { ModbusDriver } from './modbus-driver.ts';
import { planPoll, pollClasses } from './poll-plan.ts';

export const modbusDriver: DriverFactory = {
  protocol: 'modbus',
  validate: (connection, devices) => devices.flatMap((device) => problemsOf(connection, device)),
  create: (options) => new ModbusDriver(modbusOptions(options)),
};

function problemsOf(connection: ConnectionConfig, device: DeviceRuntime): Problem[] {
  const problem = (path: string, message: string): Problem => ({ source: `device ${device.id}`, path, message });
  if (connection.protocol !== 'modbus' || !isModbusDevice(device)) {
    return [problem('/connection', `connection "${connection.id}" is ${connection.protocol}, the device is not`)];
  }
  const problems: Problem[] = [];
  const framing = device.profile.modbus.framing ?? 'standard';
  const serial = carriesRtu(connection);
  if (!serial && framing !== 'standard') {
    const frames = connection.transport === 'tcp-server' ? 'tcp-server with tcp frames' : connection.transport;
    problems.push(
      problem(
        '/connection',
        `framing ${framing} is a serial dialect: "${connection.id}" must be rtu-over-tcp, rtu or tcp-server with rtu frames, it is ${frames}`,
      ),
    );
  }
  if (serial && (device.unitId < 1 || device.unitId > 247)) {
    problems.push(problem('/unitId', `unit ${device.unitId} answers no read on a serial line, allowed are 1 to 247`));
  }
  for (const poll of pollClasses) {
    for (const { slot, table, reason } of planPoll(device, poll).refused) {
      const { equipment, point } = slot.binding;
      problems.push(
        problem('/profile', `${equipment}/${point} at ${table} ${slot.start}+${slot.length} cannot be read: ${reason}`),
      );
    }
  }
  return problems;
}

function modbusOptions({
  connection,
  devices,
  clock,
  logger,
}: DriverOptions): ConstructorParameters<typeof ModbusDriver>[0] {
  const own = devices.filter(isModbusDevice);
  if (connection.protocol !== 'modbus' || own.length !== devices.length) {
    throw new PlantroomError('DRIVER_MISMATCH', `connection "${connection.id}" and its devices are not all Modbus`);
  }
  return { connection, devices: own, clock, logger };
}
