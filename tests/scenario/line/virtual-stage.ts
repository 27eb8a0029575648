import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { openScenarioLine } from './scenario-line.ts';
import type { Stage, StageOptions } from './stage.ts';
import { VirtualNet } from './virtual-net.ts';
import { VirtualTime } from './virtual-time.ts';
import { installVirtualTimers } from './virtual-timers.ts';

const brokerPort = 1883;
const uplinkPort = 1884;
const dutyPort = 8088;

/** The whole line in this process, on sockets and a clock that have nothing to do with the machine's. One at a time in a process. */
export async function virtualStage({ seed, startMs, past, isDisabled }: StageOptions): Promise<Stage> {
  const net = new VirtualNet();
  net.alias(uplinkPort, brokerPort);
  const clock = new VirtualClock(startMs);
  const time = new VirtualTime(clock, net);
  const restore = [net.install(), installVirtualTimers(clock)];
  const end = (): void => {
    for (const call of restore.splice(0)) call();
  };
  try {
    const logger = silentLogger;
    const line = await openScenarioLine({
      time,
      seed,
      past,
      brokerPort,
      uplinkPort,
      dutyPort,
      ports: {},
      isDisabled,
      logger,
    });
    const portsOf = (what: string): number[] => {
      if (what === 'uplink') return [uplinkPort];
      const port = line.portOf(what);
      return port === undefined ? [brokerPort, uplinkPort] : [port];
    };
    return {
      time,
      line,
      startMs,
      cut(what) {
        const ports = portsOf(what);
        for (const port of ports) net.block(port);
        return () => {
          for (const port of ports) net.unblock(port);
        };
      },
      async end() {
        try {
          await line.stop();
        } finally {
          end();
        }
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}
