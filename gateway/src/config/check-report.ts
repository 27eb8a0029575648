import { formatProblem, type Problem, ProblemsError } from '@plantroom/contracts';
import type { DeviceRuntime, MqttConnection } from './gateway-config.ts';
import { checkLines, overload } from './line-check.ts';
import { renderLine } from './line-report.ts';
import { type Environment, type LoadedGateway, loadGatewayConfig } from './load-config.ts';
import { textTable } from './text-table.ts';

/**
 * What `gateway check FILE.yaml` prints; `ok` is false when anything in the file is left out, or a line cannot keep its plan. Throws only
 * what is not about the file.
 */
export function checkGateway(file: string, environment: Environment): { text: string; ok: boolean } {
  try {
    const loaded = loadGatewayConfig({ file, environment });
    const refused = checkLines(loaded).some((line) => overload(line) !== undefined);
    return { text: renderCheck(loaded), ok: loaded.problems.length === 0 && !refused };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return { text: renderProblems(error.problems, 'The file cannot be used'), ok: false };
  }
}

export function renderCheck(loaded: LoadedGateway): string {
  const { config, devices, problems } = loaded;
  const lines = new Map(checkLines(loaded).map((line) => [line.connection.id, line]));
  const parts = problems.length === 0 ? [] : [renderProblems(problems, 'Left out')];
  const points = devices.reduce((sum, device) => sum + device.bindings.length, 0);
  parts.push(`Gateway ${config.gateway} of site ${config.site}: ${devices.length} devices, ${points} points`);
  for (const connection of config.connections) {
    const line = lines.get(connection.id);
    const ids = config.devices.filter((device) => device.connection === connection.id).map((device) => device.id);
    if (line !== undefined) parts.push(renderLine(line));
    else if (connection.protocol === 'mqtt')
      parts.push(
        renderMqtt(
          connection,
          devices.filter((device) => ids.includes(device.id)),
        ),
      );
  }
  const refused = [...lines.values()].flatMap((line) => overload(line) ?? []);
  if (refused.length > 0)
    parts.push([`REFUSED (${refused.length}):`, ...refused.map(({ message }) => `  ${message}`)].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function renderProblems(problems: readonly Problem[], title: string): string {
  return [`${title} (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):`]
    .concat(problems.map((problem) => `  ${formatProblem(problem)}`))
    .join('\n');
}

function renderMqtt(connection: MqttConnection, devices: readonly DeviceRuntime[]): string {
  const rows = devices.flatMap((device) => {
    const topics = new Map<string, number>();
    for (const { at } of device.bindings) {
      if (at.protocol !== 'mqtt') continue;
      const told = new Set([at, ...(at.also ?? [])].map(({ topic }) => topic));
      for (const topic of told) topics.set(topic, (topics.get(topic) ?? 0) + 1);
    }
    return [...topics].map(([topic, points]) => [device.id, topic, String(points)]);
  });
  return [
    `Broker ${connection.id} (${connection.url}, client ${connection.clientId}): ${devices.length} devices, ${rows.length} topics`,
    ...textTable([{ title: 'device' }, { title: 'topic' }, { title: 'points', right: true }], rows).map(
      (text) => `  ${text}`,
    ),
  ].join('\n');
}
