import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultRequest } from '../../simulators/src/faults/fault-board.ts';
import { type BedDevice, FaultBed } from './fault-bed.ts';

/** What a meter is read for, and what a fault of the wire must make of it. */
interface Case {
  fault: Omit<FaultRequest, 'equipment'>;
  /** Left out: both. */
  transports?: readonly ('tcp' | 'rtu-over-tcp')[];
  /** The device as the gateway sees it in the end. */
  state: 'online' | 'offline';
  /** Why its points are bad then. */
  reason?: 'comm-lost' | 'device-error';
  /** Everybody on the connection goes with it. */
  takesNeighbour?: boolean;
}

const gone = { state: 'offline', reason: 'comm-lost' } as const;
const refuses = { state: 'offline', reason: 'device-error' } as const;

const cases: readonly Case[] = [
  { fault: { fault: 'wire-silence' }, ...gone },
  { fault: { fault: 'wire-flap' }, ...gone },
  // Three seconds, where the meter is given one.
  { fault: { fault: 'wire-slow' }, ...gone },
  { fault: { fault: 'wire-loss', severity: 0.2 }, state: 'online' },
  { fault: { fault: 'wire-refused' }, ...gone, takesNeighbour: true },
  { fault: { fault: 'wire-half-open' }, ...gone, takesNeighbour: true },
  { fault: { fault: 'wire-illegal-function' }, ...refuses },
  { fault: { fault: 'wire-illegal-address' }, ...refuses },
  { fault: { fault: 'wire-illegal-value' }, ...refuses },
  { fault: { fault: 'wire-exception' }, ...refuses },
  { fault: { fault: 'wire-busy' }, ...refuses },
  { fault: { fault: 'wire-path-unavailable' }, ...refuses },
  // A gateway that says so speaks for a device that says nothing.
  { fault: { fault: 'wire-target-silent' }, ...refuses },
  { fault: { fault: 'wire-truncated' }, ...gone },
  { fault: { fault: 'wire-corrupt' }, ...gone },
  { fault: { fault: 'wire-mismatch' }, ...gone },
  { fault: { fault: 'wire-other-unit' }, ...gone },
  { fault: { fault: 'wire-shifted' }, transports: ['tcp'], ...gone },
  { fault: { fault: 'wire-duplicate' }, state: 'online' },
  { fault: { fault: 'wire-cut' }, ...gone },
];

const transports = ['tcp', 'rtu-over-tcp'] as const;
const short = { tcp: 'tcp', 'rtu-over-tcp': 'rtu' } as const;
const all = cases.flatMap((one) =>
  (one.transports ?? transports).map((transport) => {
    const id = `${one.fault.fault.slice('wire-'.length)}-${short[transport]}`;
    return { ...one, transport, id };
  }),
);
const meter = { profile: 'eastron/sdm630', role: 'meter' } as const;

describe('a fault of the wire, over real sockets and the real drivers', () => {
  const devices = all.flatMap(({ id, transport }): BedDevice[] => [
    { ...meter, id, transport, connection: id, unitId: 1 },
    { ...meter, id: `${id}-n`, transport, connection: id, unitId: 5 },
  ]);
  const bed = new FaultBed(devices);
  /** Readings of each device when the fault came. */
  const seen = new Map<string, number>();

  const since = (id: string): number => bed.readings(id, 'energy-import').length - seen.get(id)!;

  beforeAll(async () => {
    await bed.startDevices();
    await bed.startGateway();
    for (const { id } of devices) await eventually(() => expect(bed.last(id, 'energy-import')?.quality).toBe('good'));
    for (const { id, fault } of all) {
      bed.fault({ ...fault, equipment: id });
      for (const one of [id, `${id}-n`]) seen.set(one, bed.readings(one, 'energy-import').length);
    }
  });
  afterAll(() => bed.stop());

  test.each(all)('$id: $state $reason', async ({ id, state, reason, takesNeighbour }) => {
    const neighbour = `${id}-n`;
    if (reason !== undefined)
      await eventually(() => expect(bed.last(id, 'voltage-l1')).toMatchObject({ value: null, quality: 'bad', reason }));
    // Counters rise each second: who is heard is read on and on.
    if (state === 'online') await eventually(() => expect(since(id)).toBeGreaterThan(3));
    await eventually(() => expect(bed.state(id)).toBe(state));
    if (takesNeighbour === true) await eventually(() => expect(bed.state(neighbour)).toBe('offline'));
    else
      await eventually(() => {
        expect(bed.state(neighbour)).toBe('online');
        expect(since(neighbour)).toBeGreaterThan(3);
      });
    expect(bed.untrue(id)).toEqual([]);
    expect(bed.untrue(neighbour)).toEqual([]);
  });

  test('whoever was gone is back when it is over', async () => {
    for (const { id } of all) {
      const [active] = bed.active(id);
      bed.clear(active!);
    }
    for (const { id } of devices) await eventually(() => expect(bed.state(id), id).toBe('online'));
    for (const { id } of devices) expect(bed.untrue(id), id).toEqual([]);
  });
});
