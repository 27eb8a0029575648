import { createServer, type Server, type Socket } from 'node:net';
import { errorMessage, type Logger, PlantroomError } from '@plantroom/contracts';
import { Aedes } from 'aedes';
import { BoundedQueues } from './bounded-queues.ts';
import { ReturningClients } from './returning-clients.ts';

export interface BrokerOptions {
  /** Address to listen on. */
  host: string;
  /** 0 takes any free port; the answer says which. */
  port: number;
  /** Messages kept for one client with a session that does not fetch them. Left out: 50,000. */
  mostKept?: number;
  logger: Logger;
}

export interface Broker {
  readonly port: number;
  /** `dropped`: messages that were not kept because their client does not fetch them. */
  stats(): { dropped: number };
  /** Closes every connection and frees the port. */
  stop(): Promise<void>;
}

/** Minutes of a busy building, and some ten megabytes. */
const defaultMostKept = 50_000;

/**
 * The default MQTT broker. Retained messages and persistent sessions live in memory only: after a restart of this process
 * clients reconnect, the host publishes STATE again, gateways give birth again, and MQTT devices with a persistent session
 * lose what was queued for them. Where that matters, PLANTROOM_MQTT_URL names a broker with storage of its own.
 * A PUBACK of aedes comes before the packet is stored: it is never a receipt.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, logger } = options;
  const returning = new ReturningClients();
  const aedes = await Aedes.createBroker({
    preConnect(client, packet, done) {
      if (packet.clean === false) returning.connecting(client, queues);
      done(null, true);
    },
    authorizeForward(client, packet) {
      returning.forwarding(client, packet);
      return packet;
    },
  });
  const queues = new BoundedQueues({ aedes, most: options.mostKept ?? defaultMostKept, logger });
  aedes.on('clientReady', (client) => returning.ready(client));
  aedes.on('clientReady', (client) => logger.debug({ client: client.id }, 'MQTT client connected'));
  aedes.on('clientDisconnect', (client) => logger.debug({ client: client.id }, 'MQTT client disconnected'));
  aedes.on('clientError', (client, error) =>
    logger.warn({ client: client.id, reason: errorMessage(error) }, 'MQTT client cut off'),
  );
  aedes.on('connectionError', (_client, error) =>
    logger.warn({ reason: errorMessage(error) }, 'connection is not MQTT or breaks its rules'),
  );

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    aedes.handle(socket);
  });
  try {
    await listen(server, host, options.port);
  } catch (error) {
    await new Promise<void>((resolve) => aedes.close(resolve));
    throw listenError(error, host, options.port);
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;

  return {
    port,
    stats: () => ({ dropped: queues.dropped }),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function listenError(error: unknown, host: string, port: number): PlantroomError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') {
    return new PlantroomError(
      'PORT_TAKEN',
      `MQTT port ${port} on ${host} is taken by another program; stop that program, or set PLANTROOM_MQTT_PORT to a free port (1-65535)`,
      { cause: error },
    );
  }
  return new PlantroomError(
    'LISTEN_FAILED',
    `cannot listen for MQTT on ${host}:${port}: ${errorMessage(error)}; check PLANTROOM_MQTT_HOST and PLANTROOM_MQTT_PORT`,
    { cause: error },
  );
}
