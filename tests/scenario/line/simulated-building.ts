import { createHash } from 'node:crypto';
import type { Clock, Logger, PointValue, SiteModel } from '@plantroom/contracts';
import type { Catalog } from '@plantroom/device-profiles';
import { BuildingSource } from '../../../simulators/src/demo/building-source.ts';
import { equipmentWires } from '../../../simulators/src/demo/equipment-wires.ts';
import { readGatewayFile } from '../../../simulators/src/demo/gateway-file.ts';
import { buildWires, fireZonesOf } from '../../../simulators/src/demo/wires.ts';
import { FaultBoard } from '../../../simulators/src/faults/fault-board.ts';
import { newBuilding } from '../../../simulators/src/model/building.ts';
import { BuildingRunner } from '../../../simulators/src/model/building-runner.ts';
import { demoBuilding } from '../../../simulators/src/model/building-spec.ts';
import { partsOf } from '../../../simulators/src/model/parts.ts';
import { pointReaders } from '../../../simulators/src/model/points/building-points.ts';
import { livePast, type Past } from './live-past.ts';

export interface SimulatedBuilding {
  faults: FaultBoard;
  /** True values of every point of an equipment. */
  valuesOf(equipment: string): Readonly<Record<string, PointValue>>;
  /** Two buildings with the same one are the same in every number, and the same befalls them. */
  fingerprint(): string;
  stop(): Promise<void>;
}

export interface BuildingOptions {
  seed: number;
  /** Left out: it begins when it is started. */
  past?: Past | undefined;
  site: SiteModel;
  gatewayFile: string;
  environment: Readonly<Record<string, string | undefined>>;
  catalog: Catalog;
  clock: Clock;
  logger: Logger;
}

/** Ten seconds: by then much else has run, and the processor has forgotten the model again. */
const ahead = 50;

/** The model of the building, with its devices on the wire. */
export async function startBuilding(options: BuildingOptions): Promise<SimulatedBuilding> {
  const { site, environment, catalog, clock, logger } = options;
  const file = await readGatewayFile(options.gatewayFile, { environment, loadCatalog: () => catalog });
  if (file.problems.length > 0) throw new Error(file.problems.join('\n'));
  const classes = new Map(site.equipment.map((equipment) => [equipment.id, equipment.class]));
  const spec = demoBuilding(fireZonesOf(file));
  const faults = new FaultBoard(classes, undefined, { wires: equipmentWires(file), parts: partsOf(spec) });
  const { seed, past } = options;
  const building =
    past === undefined
      ? newBuilding(spec, seed, clock.nowMs())
      : livePast({ spec, seed, faults, past, untilMs: clock.nowMs() });
  const runner = new BuildingRunner({ spec, building, faults, clock, ahead });
  const source = new BuildingSource({ runner, readers: pointReaders(spec), faults, clock });
  const wires = buildWires({ file, catalog, source, clock, logger });
  runner.step();
  await wires.start();
  runner.start();
  return {
    faults,
    valuesOf: (equipment) => source.valuesOf(equipment),
    fingerprint: () =>
      createHash('sha256')
        .update(JSON.stringify([runner.building, faults.state()]))
        .digest('hex'),
    stop: () => {
      runner.stop();
      return wires.stop();
    },
  };
}
