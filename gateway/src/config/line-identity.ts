import { packetBytes, startsWith } from '../drivers/modbus/packet.ts';
import type { ModbusConnection, ModbusServerConnection } from './gateway-config.ts';

export type ModbusTransport = ModbusConnection['transport'];

interface Fault {
  /** JSON pointer within the connection. */
  path: string;
  message: string;
}

/** What is wrong with a line when these others stand before it: one wire has one master, and a caller must be told from the others. */
export function sharedLineFault(connection: ModbusConnection, others: readonly ModbusConnection[]): Fault[] {
  const place = placeOf(connection);
  const same = others.filter((other) => placeOf(other) === place);
  const [first] = same;
  if (first === undefined) return [];
  const callers = same.filter((other) => other.transport === 'tcp-server');
  if (connection.transport !== 'tcp-server' || callers.length < same.length) {
    const what = connection.transport === 'rtu' ? 'port' : 'address';
    return [
      {
        path: '',
        message: `leads to ${place} as "${first.id}" does; all devices of one ${what} share one connection`,
      },
    ];
  }
  return callers.flatMap((other) => callerFault(connection, other)).slice(0, 1);
}

function callerFault(connection: ModbusServerConnection, other: ModbusServerConnection): Fault[] {
  const { host, port, registration } = connection;
  if (registration === undefined || other.registration === undefined) {
    const whose = registration === undefined ? '' : ` of "${other.id}"`;
    const message = `is missing${whose}: "${other.id}" listens on ${host}:${port} too, and callers are told apart by it`;
    return [{ path: '/registration', message }];
  }
  const [own, its] = [packetBytes(registration), packetBytes(other.registration)];
  if (own === undefined || its === undefined || own.length !== its.length || !startsWith(own, its)) return [];
  return [
    {
      path: '/registration',
      message: `is ${JSON.stringify(registration)} as that of "${other.id}" on ${host}:${port}`,
    },
  ];
}

/** Packets that are stated as bytes but are none. */
export function packetFaults(connection: ModbusConnection): Fault[] {
  if (connection.transport !== 'tcp-server') return [];
  return (['registration', 'heartbeat'] as const).flatMap((key) => {
    const stated = connection[key];
    if (stated === undefined || packetBytes(stated) !== undefined) return [];
    const message = `is ${JSON.stringify(stated)}, after 0x must come pairs of hexadecimal digits`;
    return [{ path: `/${key}`, message }];
  });
}

function placeOf(connection: ModbusConnection): string {
  return connection.transport === 'rtu' ? connection.path : `${connection.host}:${connection.port}`;
}
