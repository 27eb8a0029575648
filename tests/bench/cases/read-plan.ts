import {
  type Catalog,
  type DeviceProfile,
  loadCatalog,
  loadVectors,
  type VectorFile,
} from '@plantroom/device-profiles';
import { compileBindings } from '@plantroom/device-profiles/decode';
import { isModbusDevice, type ModbusDevice } from '../../../gateway/src/drivers/modbus/modbus-device.ts';
import { planPoll, pollClasses, readLimits } from '../../../gateway/src/drivers/modbus/poll-plan.ts';
import type { Figure } from '../report.ts';
import { leastReads, type Wanted } from './least-reads.ts';

const tables = ['coil', 'discrete', 'input', 'holding'] as const;

/** Requests of the planner for every Modbus profile, each poll class by itself, against the least that the device's limits allow. */
export function readPlan(): Promise<Figure[]> {
  const { catalog } = loadCatalog();
  const { vectors } = loadVectors();
  let worst = { ratio: 0, profile: '' };
  let planned = 0;
  let least = 0;
  let profiles = 0;
  for (const profile of catalog.profiles.values()) {
    const device = deviceOf(profile, catalog, vectors.get(profile.profile));
    if (device === undefined) continue;
    profiles += 1;
    const ours = pollClasses.reduce((sum, poll) => sum + planPoll(device, poll).blocks.length, 0);
    const minimum = leastOf(device);
    planned += ours;
    least += minimum;
    if (ours / minimum > worst.ratio) worst = { ratio: ours / minimum, profile: profile.profile };
  }
  if (profiles === 0) throw new Error('no Modbus profile could be planned');
  const limit = { at: 1.05, sense: 'at most' } as const;
  return Promise.resolve([
    {
      name: 'read-plan requests / minimum, worst profile',
      measured: worst.ratio,
      unit: '',
      limit,
      note: `${worst.profile}; ${profiles} profiles`,
    },
    {
      name: 'read-plan requests / minimum, all profiles',
      measured: planned / least,
      unit: '',
      limit,
      note: `${planned} requests, least ${least}`,
    },
  ]);
}

/** The device with everything it can serve once, with the parameters of its first vector. */
function deviceOf(profile: DeviceProfile, catalog: Catalog, vectors: VectorFile | undefined): ModbusDevice | undefined {
  if (profile.protocol !== 'modbus') return undefined;
  const parameters = vectors?.vectors[0]?.parameters ?? {};
  const own = Object.fromEntries(Object.entries(parameters).filter(([name]) => profile.parameters?.[name]));
  const { bindings } = compileBindings({
    catalog,
    profile,
    parameters: own,
    serves: Object.entries(profile.serves).map(([role, served]) => ({
      role,
      equipment: role,
      parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => served.parameters?.[name])),
    })),
  });
  const device = {
    id: 'device',
    profile,
    connection: 'line',
    unitId: 1,
    bindings,
    pollMs: { fast: 1000, normal: 1000, slow: 1000 },
    silenceMs: () => 3000,
    parameters: own,
  };
  return bindings.length > 0 && isModbusDevice(device) ? device : undefined;
}

function leastOf(device: ModbusDevice): number {
  let least = 0;
  for (const poll of pollClasses) {
    for (const table of tables) {
      const spans = (wanted: boolean): Wanted[] =>
        device.bindings
          .filter(({ poll: own }) => (own === poll) === wanted)
          .flatMap(({ at }) => [
            ...at.addresses.map((start) => ({ table: at.table, start, length: at.length })),
            ...(at.more ?? []).map(({ address, ...place }) => ({ ...place, start: address })),
          ])
          .filter((place) => place.table === table);
      least += leastReads(spans(true), readLimits(device.profile, table), spans(false));
    }
  }
  return least;
}
