import { type LocalText, type SiteModel, type System, systemNames, systems, unit } from '@plantroom/contracts';
import type { EquipmentClass } from '@plantroom/device-profiles';

/** What the page draws a building from. */
export interface BuildingDescription {
  id: string;
  name: LocalText;
  timeZone: string;
  systems: { id: System; name: LocalText; equipment: DescribedEquipment[] }[];
  /** Control interfaces of this process, this one among them. */
  buildings: { id: string; name: LocalText; url: string }[];
}

export interface DescribedEquipment {
  id: string;
  class: string;
  name: LocalText;
  protocols: ('modbus' | 'mqtt')[];
  /** By point, those that the model knows. */
  points: Record<string, DescribedPoint>;
}

export interface DescribedPoint {
  name: LocalText;
  /** Symbol; empty: it has none. */
  unit: string;
  main: boolean;
  /** A device delivers it. */
  served: boolean;
  /** By value, as text: what states and booleans are called. */
  words: Record<string, LocalText>;
}

export interface DescribeOptions {
  site: SiteModel;
  classes: ReadonlyMap<string, EquipmentClass>;
  wires: ReadonlyMap<string, { protocols: ReadonlySet<'modbus' | 'mqtt'>; points: ReadonlySet<string> }>;
}

/** Pure: the equipment of a site by system, in the order of the site file. */
export function describeBuilding({ site, classes, wires }: DescribeOptions): Omit<BuildingDescription, 'buildings'> {
  const bySystem = new Map<System, DescribedEquipment[]>(systems.map((id) => [id, []]));
  for (const { id, class: of, name } of site.equipment) {
    const found = classes.get(of);
    const wire = wires.get(id);
    bySystem.get(found?.system ?? 'environment')?.push({
      id,
      class: of,
      name,
      protocols: [...(wire?.protocols ?? [])],
      points: Object.fromEntries(
        Object.entries(found?.points ?? {}).map(([point, about]) => [
          point,
          {
            name: about.name,
            unit: unit(about.unit).symbol,
            main: about.main === true,
            served: wire?.points.has(point) === true,
            words: { ...about.states, ...about.words },
          },
        ]),
      ),
    });
  }
  return {
    id: site.site,
    name: site.name,
    timeZone: site.timeZone,
    systems: systems.flatMap((id) => {
      const equipment = bySystem.get(id) ?? [];
      return equipment.length === 0 ? [] : [{ id, name: systemNames[id], equipment }];
    }),
  };
}
