import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PlantroomError, silentLogger, systemClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { readGatewayFile } from '../../../simulators/src/demo/gateway-file.ts';
import { gatewayFile } from '../file/demo-plant.ts';
import type { LineTime } from './line-time.ts';
import { openScenarioLine } from './scenario-line.ts';
import type { Stage, StageOptions } from './stage.ts';

const realTime: LineTime = {
  clock: systemClock,
  advance: async (ms) => void (await pause(ms)),
  until: (promise) => promise,
  waitWhile: () => undefined,
};

/** The same line in this process over real sockets of the loopback interface, in real time. */
export async function wireStage({ seed, isDisabled }: StageOptions): Promise<Stage> {
  const { catalog } = loadCatalog();
  const { portVariables } = await readGatewayFile(gatewayFile, { environment: {}, loadCatalog: () => catalog });
  const ports: Record<string, string> = {};
  for (const variable of portVariables.values()) ports[variable] = String(await freePort());
  const brokerPort = await freePort();
  const startMs = systemClock.nowMs();
  const line = await openScenarioLine({
    time: realTime,
    seed,
    brokerPort,
    uplinkPort: brokerPort,
    dutyPort: 0,
    ports,
    isDisabled,
    logger: silentLogger,
  });
  return {
    time: realTime,
    line,
    startMs,
    cut(what) {
      throw new PlantroomError(
        'STAGE_CANNOT_CUT',
        `"${what}" cannot be cut: real sockets are not ours to cut; allowed without --wire`,
      );
    },
    end: () => line.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
