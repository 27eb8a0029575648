import { connectionDefinition, connectionId } from '../domain/system-definitions.ts';
import type { LinkInput } from './engine-input.ts';
import { bringBack, loseLink, type RuleSources, setLink } from './evaluate-input.ts';
import type { DevicePlace } from './plant.ts';
import type { RuleBookChange } from './rule-book.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** From so many devices on a connection has an alarm of its own. */
const leastDevices = 2;

/** Connections of these devices get their alarm, or lose it with their last but one device. */
export function defineConnections(
  { book, plant }: Pick<RuleSources, 'book' | 'plant'>,
  devices: Iterable<DevicePlace>,
): RuleBookChange[] {
  return [...linesOf(devices)].map(([id, { gateway, connection }]) => {
    const isShared = plant.onConnection(gateway, connection).length >= leastDevices;
    return book.define(id, isShared ? [connectionDefinition(id)] : []);
  });
}

/** The alarms about links, when a gateway or device comes or goes; the plant has been told. */
export function evaluateLink(work: UnitOfWork, input: LinkInput, sources: RuleSources): void {
  const { book, plant } = sources;
  if (input.type === 'gateway') {
    setLink(work, book.of(input.gateway), input.online);
    // Behind a lost gateway nobody knows about the devices: one alarm for the parent, none for the children.
    if (input.online) return;
    const devices = plant.devicesOf(input.gateway);
    for (const { id } of devices) loseLink(work, book.of(id));
    for (const id of linesOf(devices).keys()) loseLink(work, book.of(id));
    return;
  }
  const online = input.type === 'device-online';
  if (!online && plant.gateways.get(input.gateway)?.online === false) {
    loseLink(work, book.of(input.device));
    return;
  }
  setLink(work, book.of(input.device), online);
  setConnection(work, sources, plant.devices.get(input.device));
  if (input.type === 'device-online')
    for (const { point } of input.points) for (const entry of book.of(point)) bringBack(work, entry, point, sources);
}

/** A connection is lost when none of its devices is there. */
function setConnection(work: UnitOfWork, { book, plant }: RuleSources, device: DevicePlace | undefined): void {
  if (device === undefined || device.connection === null) return;
  const { gateway, connection } = device;
  const isUp = plant.onConnection(gateway, connection).some(({ online }) => online);
  setLink(work, book.of(connectionId(gateway, connection)), isUp);
}

function linesOf(devices: Iterable<DevicePlace>): Map<string, { gateway: string; connection: string }> {
  const lines = new Map<string, { gateway: string; connection: string }>();
  for (const { gateway, connection } of devices)
    if (connection !== null) lines.set(connectionId(gateway, connection), { gateway, connection });
  return lines;
}
