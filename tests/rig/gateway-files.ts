import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Block,
  blockRegisters,
  holedBlocks,
  oneBlock,
  pointName,
  pointsPerBlock,
  sentinel,
  threeBlocks,
} from './registers.ts';
import type { RigSpec } from './spec.ts';
import type { RigDevice } from './truth/serving.ts';

export const rigClass = 'rig-device';
const points = Array.from({ length: 15 }, (_, i) => pointName(i + 1));

/** Catalogue and gateway file of the rig, as an integrator would write them. JSON is YAML. Answers the path of the gateway file. */
export function writeGatewayFiles(folder: string, spec: RigSpec, storePort: number): string {
  const { periodMs, timeoutMs, lines } = spec;
  write(join(folder, 'catalog/classes', `${rigClass}.yaml`), equipmentClass());
  const profiles: [RigDevice['profile'], readonly Block[], Record<string, unknown>][] = [
    ['three-blocks', threeBlocks, {}],
    ['three-blocks-lenient', threeBlocks, { strictTransactionId: false }],
    ['one-block', oneBlock, {}],
    // Reads over the hole, which the device then refuses.
    ['holed', holedBlocks, { maxGap: 8 }],
  ];
  for (const [model, blocks, modbus] of profiles) {
    write(
      join(folder, 'catalog/profiles/rig', `${model}.yaml`),
      profile(model, { blocks, modbus: { timeoutMs, ...modbus } }),
    );
  }
  const file = join(folder, 'gateway.yaml');
  write(file, {
    gateway: 'gw-rig',
    site: 'rig',
    catalogs: ['catalog'],
    connections: lines.map(({ id, wire, port }) => ({
      id,
      protocol: 'modbus',
      transport: wire === 'rtu' ? 'rtu-over-tcp' : 'tcp',
      host: '127.0.0.1',
      port,
      ...(wire === 'rtu' ? { baudRate: 115_200 } : {}),
    })),
    devices: lines.flatMap(({ id: connection, devices }) =>
      devices.map(({ id, unit, profile: model }) => ({
        id,
        profile: `rig/${model}`,
        connection,
        unitId: unit,
        serves: { unit: id },
        poll: { normal: `${periodMs}ms` },
      })),
    ),
    uplinks: { lineProtocol: { url: `http://127.0.0.1:${storePort}`, api: 'v2' } },
    outbox: { file: 'rig.outbox.sqlite' },
  });
  return file;
}

function equipmentClass(): unknown {
  const point = (id: string): unknown => ({
    name: { zh: `点${id}`, en: `Point ${id}` },
    kind: 'number',
    unit: 'none',
    range: [0, sentinel],
  });
  return {
    class: rigClass,
    name: { zh: '台架设备', en: 'Device of the rig' },
    system: 'environment',
    points: Object.fromEntries(points.map((id) => [id, point(id)])),
    alarms: {},
    failureModes: {},
  };
}

function profile(
  model: string,
  { blocks, modbus }: { blocks: readonly Block[]; modbus: Record<string, unknown> },
): unknown {
  return {
    profile: `rig/${model}`,
    vendor: 'Rig',
    model,
    sources: ['Own map: values that say where they come from'],
    certainty: 'A',
    protocol: 'modbus',
    serves: { unit: { class: rigClass } },
    silence: { polls: 5 },
    modbus: { maxRegisters: blockRegisters * 3, order: 'ABCD', ...modbus },
    poll: { fast: '1s', normal: '1s', slow: '1s' },
    points: blocks.flatMap(({ code, start, firstPoint, swapped }) =>
      Array.from({ length: pointsPerBlock }, (_, i) => ({
        point: pointName(firstPoint + i),
        at: {
          table: code === 3 ? 'holding' : 'input',
          address: start + 2 * i,
          type: 'u32',
          order: swapped === true ? 'CDAB' : 'ABCD',
        },
        absent: [sentinel],
      })),
    ),
  };
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
