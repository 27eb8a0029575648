import type { EquipmentWire } from '../faults/fault-board.ts';
import type { ReadGatewayFile } from './gateway-file.ts';

/** Over which protocols each equipment is read, and which of its points, by equipment id. */
export function equipmentWires(file: Pick<ReadGatewayFile, 'devices'>): Map<string, EquipmentWire> {
  const wires = new Map<string, { protocols: Set<'modbus' | 'mqtt'>; points: Set<string> }>();
  for (const { profile, serves } of [...file.devices.values()].flat())
    for (const { role, equipment } of serves) {
      const wire = wires.get(equipment) ?? { protocols: new Set(), points: new Set() };
      wires.set(equipment, wire);
      wire.protocols.add(profile.protocol);
      for (const point of profile.points) if ((point.role ?? role) === role) wire.points.add(point.point);
    }
  return wires;
}
