import { silentLogger, type VirtualClock } from '@plantroom/contracts';
import { loadGatewayConfig } from '../../gateway/src/config/load-config.ts';
import { driverRegistry } from '../../gateway/src/drivers/registry.ts';
import { Gateway } from '../../gateway/src/gateway.ts';
import type { GatewayUnderTest } from './gateway-under-test.ts';

/** The turn-around of a device is the shortest time that means anything here. */
const stepMs = 5;
/** Of the event loop, for the bytes of one step to arrive and be answered. */
const turnsOfStep = 3;

/**
 * The gateway in this process, on a clock that stands still whenever this machine does: every frame goes over a real socket, but what comes
 * in time and what does not is decided by the clock alone.
 */
export async function startVirtualGateway(
  folder: string,
  { file, clock }: { file: string; clock: VirtualClock },
): Promise<GatewayUnderTest> {
  let isOver = false;
  const driven = drive(clock, () => isOver);
  const loaded = loadGatewayConfig({ file, environment: {} });
  if (loaded.problems.length > 0) throw new Error(JSON.stringify(loaded.problems[0]));
  const gateway = new Gateway({ ...loaded, drivers: driverRegistry, dataDir: folder, clock, logger: silentLogger });
  await gateway.start();
  return {
    crashes: [],
    async stop() {
      await gateway.stop();
      isOver = true;
      await driven;
    },
  };
}

async function drive(clock: VirtualClock, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    clock.advance(stepMs);
    for (let turn = 0; turn < turnsOfStep; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}
