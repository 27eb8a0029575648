import { type BusLine, characterMs } from '../polling/bus-utilisation.ts';
import type { ModbusConnection } from './gateway-config.ts';

/**
 * What no file says and a prediction needs: a slave begins to answer after about 5 ms; a request over the local network and back takes
 * about 2 ms; over a mobile network, behind a DTU, about 100 ms.
 */
const assumed = { turnaroundMs: 5, lanMs: 2, mobileMs: 100 };
/** What most devices and converters are delivered with. */
const usualBaud = 9600;

/** The wire behind a connection, as far as the file tells it; a TCP device is no serial line unless its serial side is named. */
export function busLineOf(connection: ModbusConnection): BusLine {
  const { turnaroundMs } = assumed;
  switch (connection.transport) {
    case 'rtu': {
      const { baudRate = usualBaud, parity = 'none', stopBits = 1 } = connection;
      return {
        kind: 'serial',
        baud: baudRate,
        characterBits: 9 + (parity === 'none' ? 0 : 1) + stopBits,
        turnaroundMs,
      };
    }
    case 'rtu-over-tcp':
      return { kind: 'serial', baud: connection.baudRate ?? usualBaud, turnaroundMs, networkMs: assumed.lanMs };
    case 'tcp-server':
      return { kind: 'serial', baud: connection.baudRate ?? usualBaud, turnaroundMs, networkMs: assumed.mobileMs };
    case 'tcp':
      if (connection.baudRate === undefined) return { kind: 'tcp', roundTripMs: assumed.lanMs };
      return { kind: 'serial', baud: connection.baudRate, turnaroundMs, networkMs: assumed.lanMs };
  }
}

/** Where it leads, in the words of its transport. */
export function placeOf(connection: ModbusConnection): string {
  switch (connection.transport) {
    case 'rtu':
      return `serial port ${connection.path}`;
    case 'tcp-server':
      return `dial-in on ${connection.host}:${connection.port}${connection.registration === undefined ? '' : `, registration ${JSON.stringify(connection.registration)}`}`;
    case 'rtu-over-tcp':
      return `RTU over TCP ${connection.host}:${connection.port}`;
    case 'tcp':
      return `TCP ${connection.host}:${connection.port}`;
  }
}

/** How fast, and what of it is said and what is assumed. */
export function speedOf(connection: ModbusConnection, line: BusLine): string {
  if (line.kind === 'tcp') return `assumed: ${line.roundTripMs} ms from request to answer`;
  const { networkMs = 0, turnaroundMs } = line;
  const format =
    connection.transport === 'rtu'
      ? ` 8${(connection.parity ?? 'none').slice(0, 1).toUpperCase()}${connection.stopBits ?? 1}`
      : '';
  const said = connection.baudRate === undefined ? 'assumed: ' : '';
  const assumptions = [
    ...(format === '' ? ['11 bits a character'] : []),
    `${turnaroundMs} ms until a device answers`,
    ...(networkMs > 0 ? [`${networkMs} ms through the network`] : []),
  ];
  return `${said}${line.baud} baud${format}, ${characterMs(line).toFixed(2)} ms a character; ${said === '' ? 'assumed: ' : ''}${assumptions.join(', ')}`;
}
