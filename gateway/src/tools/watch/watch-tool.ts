import { errorMessage, formatProblem, PlantroomError, silentLogger } from '@plantroom/contracts';
import { notAllowed } from '@plantroom/device-profiles';
import { connectAsync } from 'mqtt';
import type { ConnectionConfig, DeviceRuntime } from '../../config/gateway-config.ts';
import { type LoadedGateway, loadGatewayConfig } from '../../config/load-config.ts';
import type { Driver } from '../../drivers/driver.ts';
import { driverRegistry } from '../../drivers/registry.ts';
import { onlyPositional, parseOptions, wholeOption } from '../options.ts';
import { exitCodes, type Tool, type ToolIo } from '../tool.ts';
import { LiveTable } from './live-table.ts';

export const watchTool: Tool = {
  name: 'watch',
  usage: 'FILE.yaml [--device ID]… [--once] [--seconds N]',
  summary: 'shows live what the devices of a gateway file say: value, quality, age, raw words',
  help: `Reads the devices itself, stores and sends nothing. A serial port and the port of a dial-in line have room for one program: while the
gateway runs, such lines are left out. MQTT lines use a client id of their own, so the gateway's session is not touched.

  --device ID   only this device; may stand several times
  --once        prints the table when every point has answered or failed, and ends; exit code 1 when any has failed
  --seconds N   ends after so long; with --once: the longest wait (left out: 10)

Ends with Ctrl-C. When the output is no terminal, the table is printed each second without clearing.`,
  run: async (args, io) => {
    const options = parseOptions('watch', args, { device: 'list', once: 'flag', seconds: 'text' });
    const file = onlyPositional('watch', options, 'FILE.yaml');
    const once = options.flags.has('once');
    const seconds = wholeOption('seconds', options.texts.get('seconds'), {
      otherwise: once ? 10 : 0,
      min: 1,
      max: 86_400,
    });
    const loaded = loadGatewayConfig({ file, environment: io.environment.variables });
    for (const problem of loaded.problems) io.note(`${formatProblem(problem)}\n`);
    const devices = chosen(loaded, options.lists.get('device'));
    const taken = await takenLines(loaded, io);
    const table = new LiveTable(devices.filter((device) => !taken.has(connectionOf(loaded, device))));
    const drivers = await startDrivers(loaded, { devices, taken, table, io });
    try {
      await show(table, { drivers, once, seconds, io });
    } finally {
      await Promise.allSettled(drivers.map(({ driver }) => driver.stop()));
      await Promise.allSettled(drivers.map(({ connection }) => forgetSession(connection)));
    }
    return once && table.failing ? exitCodes.failed : exitCodes.done;
  },
};

function chosen({ devices }: LoadedGateway, ids: readonly string[] | undefined): DeviceRuntime[] {
  const known = devices.map(({ id }) => id);
  const wrong = ids?.find((id) => !known.includes(id));
  if (wrong !== undefined)
    throw new PlantroomError('USAGE', `--device ${notAllowed(wrong, 'a device of this file', known)}`);
  return devices.filter(({ id }) => ids === undefined || ids.includes(id));
}

function connectionOf({ config }: LoadedGateway, { id }: DeviceRuntime): string {
  return config.devices.find((device) => device.id === id)?.connection ?? '';
}

const askGatewayMs = 1000;

/** Lines that the running gateway holds alone. */
async function takenLines({ config }: LoadedGateway, io: ToolIo): Promise<Set<string>> {
  const port = config.metricsPort;
  const runs =
    port !== undefined &&
    (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(askGatewayMs) }).then(
      (response) => response.ok,
      () => false,
    ));
  const exclusive = config.connections.filter(
    (connection) =>
      connection.protocol === 'modbus' && (connection.transport === 'rtu' || connection.transport === 'tcp-server'),
  );
  if (!runs) {
    if (port === undefined && exclusive.length > 0)
      io.note('The file has no metricsPort: whether a gateway holds its serial and dial-in lines cannot be seen\n');
    return new Set();
  }
  for (const { id } of exclusive) io.note(`Line ${id} belongs to the gateway that is running, left out\n`);
  io.note('A gateway is running: a device that takes one connection only may refuse this second one\n');
  return new Set(exclusive.map(({ id }) => id));
}

interface RunningDriver {
  id: string;
  /** As it was opened here. */
  connection: ConnectionConfig;
  driver: Driver;
}

async function startDrivers(
  loaded: LoadedGateway,
  {
    devices,
    taken,
    table,
    io,
  }: { devices: readonly DeviceRuntime[]; taken: ReadonlySet<string>; table: LiveTable; io: ToolIo },
): Promise<RunningDriver[]> {
  const running: RunningDriver[] = [];
  for (const connection of loaded.config.connections) {
    const own = devices.filter((device) => connectionOf(loaded, device) === connection.id);
    const factory = driverRegistry.find(({ protocol }) => protocol === connection.protocol);
    if (own.length === 0 || factory === undefined || taken.has(connection.id)) continue;
    const opened = ownSession(connection);
    const driver = factory.create({ connection: opened, devices: own, clock: io.clock, logger: silentLogger });
    try {
      await driver.start(table);
      running.push({ id: connection.id, connection: opened, driver });
    } catch (error) {
      io.note(`Line ${connection.id} does not start: ${errorMessage(error)}\n`);
    }
  }
  return running;
}

/** The gateway's session is the persistent one of its client id; another client with that id would take it over. */
function ownSession(connection: ConnectionConfig): ConnectionConfig {
  if (connection.protocol !== 'mqtt') return connection;
  return { ...connection, clientId: `${connection.clientId ?? connection.id}-watch-${process.pid}` };
}

/** The driver's session is persistent: without this the broker would keep messages for a client that never comes back. */
async function forgetSession(connection: ConnectionConfig): Promise<void> {
  if (connection.protocol !== 'mqtt') return;
  const { url, clientId, username, password } = connection;
  const client = await connectAsync(
    url,
    {
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 2000,
      ...(clientId === undefined ? {} : { clientId }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    },
    false,
  );
  await client.endAsync();
}

const refreshMs = 1000;
const alternateScreen = {
  enter: '\x1b[?1049h\x1b[?25l',
  leave: '\x1b[?25h\x1b[?1049l',
  home: '\x1b[H',
  clearLine: '\x1b[K',
  clearRest: '\x1b[J',
};

async function show(
  table: LiveTable,
  { drivers, once, seconds, io }: { drivers: readonly RunningDriver[]; once: boolean; seconds: number; io: ToolIo },
): Promise<void> {
  const { clock, screen, signal } = io;
  const untilMs = seconds === 0 ? Number.POSITIVE_INFINITY : clock.monotonicMs() + seconds * 1000;
  const ended = (): boolean => signal.aborted || clock.monotonicMs() >= untilMs;
  if (once) {
    while (!table.complete && !ended()) await pause(100, io);
    io.out(`${[...table.lines(clock, Number.POSITIVE_INFINITY), '', ...lineStates(drivers)].join('\n')}\n`);
    return;
  }
  const draw = (): void => {
    const columns = screen?.columns() ?? Number.POSITIVE_INFINITY;
    const all = [...lineStates(drivers), '', ...table.lines(clock, columns)];
    if (screen === undefined) {
      io.out(`${new Date(clock.nowMs()).toISOString()}\n${all.join('\n')}\n\n`);
      return;
    }
    const room = Math.max(2, screen.rows() - 1);
    const hidden = all.length - room;
    const shown =
      hidden > 0
        ? [...all.slice(0, room - 1), `… ${hidden + 1} more: choose with --device, or make the window higher`]
        : all;
    const { home, clearLine, clearRest } = alternateScreen;
    io.out(home + shown.map((line) => line + clearLine).join('\r\n') + clearRest);
  };
  if (screen !== undefined) io.out(alternateScreen.enter);
  const leave = screen?.onResize(draw);
  try {
    while (!ended()) {
      draw();
      await pause(refreshMs, io);
    }
  } finally {
    leave?.();
    if (screen !== undefined) io.out(alternateScreen.leave);
  }
}

function lineStates(drivers: readonly RunningDriver[]): string[] {
  return drivers.map(({ id, driver }) => {
    const { connected, requests, responses, timeouts, exceptions, malformed, messages } = driver.stats();
    const counters = Object.entries({ requests, responses, timeouts, exceptions, malformed, messages })
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${what} ${count}`);
    return `${id}: ${connected ? 'connected' : 'not connected'}${counters.length === 0 ? '' : `, ${counters.join(', ')}`}`;
  });
}

/** Ends early when the person has had enough. */
function pause(ms: number, { clock, signal }: ToolIo): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
