import { join } from 'node:path';
import { freePort } from '../../helpers/free-ports.ts';
import { peer } from '../../helpers/peers.ts';
import { runMosquitto } from '../../helpers/run-mosquitto.ts';
import { startProgram, stopProcess } from './child.ts';

export interface BenchBroker {
  name: string;
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Mosquitto where it is installed, else the broker that the product brings. `settings` are lines of mosquitto.conf. The queue of a client
 * is unbounded: with Mosquitto's 1000 messages a burst would be lost in the broker, where no gateway can help it.
 */
export async function startBroker(folder: string, settings: readonly string[] = []): Promise<BenchBroker> {
  if (peer('mosquitto').available) {
    const { url, pid, stop } = await runMosquitto({ settings: ['max_queued_messages 0', ...settings] });
    return { name: 'mosquitto', url, pid, stop };
  }
  const port = await freePort();
  const program = await startProgram(join(import.meta.dirname, '../../../server/src/broker-main.ts'), [], {
    env: { PLANTROOM_MQTT_PORT: String(port), PLANTROOM_LOG_LEVEL: 'warn' },
    logFile: join(folder, 'broker.log'),
  });
  return {
    name: 'aedes',
    url: `mqtt://127.0.0.1:${port}`,
    pid: program.pid ?? -1,
    stop: () => stopProcess(program),
  };
}
