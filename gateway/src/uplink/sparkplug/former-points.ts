import type { DeviceRuntime } from '../../config/gateway-config.ts';
import type { StoredLane } from '../../outbox/outbox.ts';
import type { GatewayPoint, PointTable } from '../../pipeline/point-table.ts';

export type Positions = Readonly<Record<StoredLane, number>>;

/** A point that is no longer configured, with the device that delivered it. */
interface FormerPoint {
  point: GatewayPoint;
  device: DeviceRuntime;
}

/** The table in force, and the points that were taken out while the outbox still holds readings of them. */
export class PointHistory {
  #table: PointTable;
  #former: FormerPoint[] = [];
  #until: Positions = { safety: 0, live: 0 };

  constructor(table: PointTable) {
    this.#table = table;
  }

  get table(): PointTable {
    return this.#table;
  }

  /** `until`: the positions of the outbox at this moment. What lies behind them is of the new table. */
  change(table: PointTable, until: Positions): void {
    const old = this.#table;
    const gone = old.points.flatMap((point) => {
      const device = old.devices[point.deviceIndex];
      return device === undefined ? [] : [{ point, device }];
    });
    this.#former = [...this.#former, ...gone].filter(({ point }) => !table.byId.has(point.id));
    this.#table = table;
    this.#until = until;
  }

  /** The table for a session that has everything before `sent` behind it; `until`: up to where it holds former points, if it does. */
  tableFrom(sent: Positions): { table: PointTable; until: Positions | undefined } {
    if (isReached(sent, this.#until)) this.#former = [];
    if (this.#former.length === 0) return { table: this.#table, until: undefined };
    return { table: withFormer(this.#table, this.#former), until: this.#until };
  }

  /** Where the outbox stood at the last change. */
  get until(): Positions {
    return this.#until;
  }
}

export function isReached(sent: Positions, until: Positions): boolean {
  return sent.safety >= until.safety && sent.live >= until.live;
}

/** The table, and behind everything of it the former points: places do not move. A device that is gone comes back for them. */
function withFormer(table: PointTable, former: readonly FormerPoint[]): PointTable {
  const devices = [...table.devices];
  const points = [...table.points];
  const deviceIndex = new Map(table.deviceIndex);
  const byId = new Map(table.byId);
  const ofDevice = table.ofDevice.map((own) => [...own]);
  for (const { point, device } of former) {
    let index = deviceIndex.get(device.id);
    if (index === undefined) {
      index = devices.push(device) - 1;
      deviceIndex.set(device.id, index);
      ofDevice.push([]);
    }
    const own: GatewayPoint = { ...point, index: points.length, deviceIndex: index };
    points.push(own);
    byId.set(own.id, own);
    ofDevice[index]?.push(own);
  }
  return { ...table, devices, points, deviceIndex, byId, ofDevice };
}
