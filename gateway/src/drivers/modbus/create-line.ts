import type { ModbusConnection } from '../../config/gateway-config.ts';
import { DialInLine } from './dial-in-line.ts';
import type { Framing } from './framing.ts';
import type { Line, LineOptions } from './line.ts';
import { MbapFraming } from './mbap-framing.ts';
import { packetBytes } from './packet.ts';
import { RtuFraming } from './rtu-framing.ts';
import { serialLine } from './serial-line.ts';
import { tcpLine } from './tcp-line.ts';

/** The line that the file describes. Opens nothing before `start`. */
export function createLine(connection: ModbusConnection, options: LineOptions): Line {
  switch (connection.transport) {
    case 'tcp':
    case 'rtu-over-tcp':
      return tcpLine(connection, options);
    case 'rtu':
      return serialLine(connection, options);
    case 'tcp-server': {
      const { host, port } = connection;
      const [registration, heartbeat] = [connection.registration, connection.heartbeat].map((stated) =>
        stated === undefined ? undefined : packetBytes(stated),
      );
      return new DialInLine(
        {
          host,
          port,
          ...(registration === undefined ? {} : { registration }),
          ...(heartbeat === undefined ? {} : { heartbeat }),
        },
        options,
      );
    }
  }
}

/** The frames that go over it. */
export function createFraming(connection: ModbusConnection): Framing {
  return carriesRtu(connection) ? new RtuFraming(noiseOf(connection)) : new MbapFraming(noiseOf(connection));
}

/** Whether the frames are serial ones, without transaction ids, which alone carry the vendors' dialects. */
export function carriesRtu(connection: ModbusConnection): boolean {
  switch (connection.transport) {
    case 'tcp':
      return false;
    case 'rtu':
    case 'rtu-over-tcp':
      return true;
    case 'tcp-server':
      return connection.frames !== 'tcp';
  }
}

/** Packets that are no part of any frame. Some DTUs repeat their registration. */
function noiseOf(connection: ModbusConnection): Uint8Array[] {
  if (connection.transport !== 'tcp-server') return [];
  return [connection.heartbeat, connection.registration].flatMap((stated) => {
    const bytes = stated === undefined ? undefined : packetBytes(stated);
    return bytes === undefined ? [] : [bytes];
  });
}
