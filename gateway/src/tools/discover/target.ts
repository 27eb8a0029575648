import { formatProblem, PlantroomError } from '@plantroom/contracts';
import { notAllowed } from '@plantroom/device-profiles';
import Value from 'typebox/value';
import { MqttConnection } from '../../config/gateway-config.ts';
import { type LoadedGateway, loadGatewayConfig } from '../../config/load-config.ts';
import type { ParsedOptions } from '../options.ts';
import type { ToolIo } from '../tool.ts';

export interface DiscoverTarget {
  connection: MqttConnection;
  /** The gateway file that names the broker; undefined: the command line did. */
  loaded: LoadedGateway | undefined;
}

/** A broker's address, or a gateway file with the connection to use. Throws USAGE and what loading the file throws. */
export async function discoverTarget(text: string, options: ParsedOptions, io: ToolIo): Promise<DiscoverTarget> {
  const { variables } = io.environment;
  const [id, username, variable] = ['connection', 'username', 'password-variable'].map((name) =>
    options.texts.get(name),
  );
  const password = variable === undefined ? undefined : variables[variable];
  if (variable !== undefined && password === undefined) {
    throw new PlantroomError('USAGE', `--password-variable is "${variable}", but the environment has no such variable`);
  }
  if (/^[a-z]+:\/\//.test(text)) {
    if (id !== undefined)
      throw new PlantroomError('USAGE', '--connection chooses one of a gateway file, not of a broker address');
    const connection = {
      id: 'mqtt',
      protocol: 'mqtt',
      url: text,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
    if (Value.Check(MqttConnection, connection)) return { connection, loaded: undefined };
    throw new PlantroomError('USAGE', `broker "${text}": allowed are mqtt://, mqtts://, ws:// and wss:// with a host`);
  }
  const loaded = await loadGatewayConfig({ file: text, environment: variables });
  for (const problem of loaded.problems) io.note(`${formatProblem(problem)}\n`);
  const connections = loaded.config.connections.filter((one) => one.protocol === 'mqtt');
  const ids = connections.map((one) => one.id);
  if (connections.length === 0)
    throw new PlantroomError('USAGE', `"${text}" has no MQTT connection; a broker's address can be given instead`);
  if (id === undefined && connections.length > 1) {
    throw new PlantroomError(
      'USAGE',
      `"${text}" has several MQTT connections, --connection is needed: ${ids.join(', ')}`,
    );
  }
  const connection = id === undefined ? connections[0] : connections.find((one) => one.id === id);
  if (connection === undefined) {
    throw new PlantroomError('USAGE', `--connection ${notAllowed(id ?? '', 'an MQTT connection of this file', ids)}`);
  }
  return {
    connection: {
      ...connection,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    },
    loaded,
  };
}
