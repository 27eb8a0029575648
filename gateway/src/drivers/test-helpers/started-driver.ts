import { silentLogger, type VirtualClock } from '@plantroom/contracts';
import type { DeviceRuntime, ModbusTcpConnection } from '../../config/gateway-config.ts';
import type { Driver, DriverSink } from '../driver.ts';
import { modbusDriver } from '../modbus/modbus-factory.ts';
import { type ScriptedServer, turns, until } from './scripted-server.ts';

interface Around {
  server: ScriptedServer;
  clock: VirtualClock;
}

export const tcpConnection = (port: number, some: Partial<ModbusTcpConnection> = {}): ModbusTcpConnection => ({
  id: 'line',
  protocol: 'modbus',
  transport: 'tcp',
  host: '127.0.0.1',
  port,
  ...some,
});

/** The Modbus driver with a connection to this server. */
export async function startedDriver(
  devices: DeviceRuntime[],
  { server, clock, sink, connection }: Around & { sink: DriverSink; connection?: Partial<ModbusTcpConnection> },
): Promise<Driver> {
  const driver = modbusDriver.create({
    connection: tcpConnection(server.port, connection),
    devices,
    clock,
    logger: silentLogger,
  });
  await driver.start(sink);
  await until(() => driver.stats().connected);
  return driver;
}

/** Lets time pass in steps, after each of which nothing more is asked. */
export async function secondsPass(count: number, { server, clock }: Around): Promise<void> {
  for (let i = 0; i < count * 4; i++) {
    clock.advance(250);
    let before: number;
    do {
      before = server.requests.length;
      await turns(8);
    } while (server.requests.length > before);
  }
}
