import type { Clock, Logger } from '@plantroom/contracts';
import type { CommandDesk } from '../commands/command-desk.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PointTable } from '../pipeline/point-table.ts';
import { LineUplink, lineUplinkName } from './line-protocol/line-uplink.ts';
import { LineWriter } from './line-protocol/line-writer.ts';
import { BdSeqStore } from './sparkplug/bd-seq-store.ts';
import { SparkplugUplink, sparkplugUplinkName } from './sparkplug/sparkplug-uplink.ts';
import type { Uplink } from './uplink.ts';

export interface UplinkParts {
  table: PointTable;
  pipeline: Pipeline;
  outbox: Outbox;
  /** For uplinks that carry commands. Left out: none does. */
  commands?: CommandDesk;
  clock: Clock;
  logger: Logger;
  /** Where the Sparkplug connection number is kept. */
  bdSeqFile: string;
}

/** Names of the configured uplinks, as the outbox keeps their cursors. */
export function uplinkNames({ uplinks }: GatewayConfig): string[] {
  return [
    ...(uplinks.sparkplug === undefined ? [] : [sparkplugUplinkName]),
    ...(uplinks.lineProtocol === undefined ? [] : [lineUplinkName]),
  ];
}

/** One uplink for each entry of `uplinks`; constructs only. */
export function buildUplinks({ site, gateway, uplinks }: GatewayConfig, parts: UplinkParts): Uplink[] {
  const { bdSeqFile, ...shared } = parts;
  const built: Uplink[] = [];
  if (uplinks.sparkplug !== undefined)
    built.push(
      new SparkplugUplink({ ...shared, ...uplinks.sparkplug, site, gateway, bdSeq: new BdSeqStore(bdSeqFile, shared) }),
    );
  if (uplinks.lineProtocol !== undefined)
    built.push(new LineUplink({ ...shared, writer: new LineWriter({ ...uplinks.lineProtocol, clock: parts.clock }) }));
  return built;
}
