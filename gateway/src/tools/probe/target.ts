import { PlantroomError } from '@plantroom/contracts';
import { notAllowed } from '@plantroom/device-profiles';
import Value from 'typebox/value';
import { ModbusConnection } from '../../config/gateway-config.ts';

const allowed =
  'allowed: tcp://HOST[:PORT], rtu-over-tcp://HOST:PORT, rtu:/dev/ttyUSB0?baud=9600&parity=even&stop=1, tcp-server://HOST:PORT?registration=TEXT';

/** Where to probe, as one word of the command line, in the shape of the gateway file's connections. Throws USAGE. */
export function parseTarget(text: string): ModbusConnection {
  const [, scheme = '', rest = ''] = /^([a-z-]+):(.*)$/s.exec(text) ?? [];
  const transports = ['tcp', 'rtu-over-tcp', 'rtu', 'tcp-server'];
  if (!transports.includes(scheme)) throw usage(text, notAllowed(scheme || text, 'a transport', transports));
  const [place = '', query = ''] = rest.split('?', 2);
  const parameters = new Map(new URLSearchParams(query));
  const take = (name: string): string | undefined => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value;
  };
  const connection: Record<string, unknown> = { id: 'line', protocol: 'modbus', transport: scheme };
  const baud = take('baud');
  if (baud !== undefined) connection.baudRate = Number(baud);
  if (scheme === 'rtu') {
    connection.path = place.replace(/^\/\/(?=[^/]*\/?)/, '/').replace(/^\/(?=COM\d)/i, '');
    const [parity, stop] = [take('parity'), take('stop')];
    if (parity !== undefined) connection.parity = parity;
    if (stop !== undefined) connection.stopBits = Number(stop);
  } else {
    const [, host, port] = /^\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(place) ?? [];
    if (host === undefined || (port === undefined && scheme !== 'tcp')) throw usage(text, 'has no HOST:PORT');
    connection.host = host.replace(/^\[|\]$/g, '');
    connection.port = port === undefined ? 502 : Number(port);
    const [registration, frames] = [take('registration'), take('frames')];
    if (registration !== undefined) connection.registration = registration;
    if (frames !== undefined) connection.frames = frames;
  }
  const [unknown] = parameters.keys();
  if (unknown !== undefined) throw usage(text, `"${unknown}" is not known after ?`);
  if (!Value.Check(ModbusConnection, connection)) {
    const [error] = Value.Errors(ModbusConnection, connection);
    throw usage(text, `is not a connection${error === undefined ? '' : `: ${error.instancePath} ${error.message}`}`);
  }
  return connection;
}

function usage(text: string, message: string): PlantroomError {
  return new PlantroomError('USAGE', `target "${text}": ${message}; ${allowed}`);
}
