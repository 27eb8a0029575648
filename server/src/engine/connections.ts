import { connectionId, laneSource } from '../domain/system-definitions.ts';
import type { LinkInput } from './engine-input.ts';
import { bringBack, loseLink, type RuleSources, setLink } from './evaluate-input.ts';
import { linesOf } from './link-alarms.ts';
import type { DevicePlace } from './plant.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { superviseDevice } from './watchdog.ts';

/** The alarms about links, when a gateway or device comes or goes; the plant has been told. */
export function evaluateLink(work: UnitOfWork, input: LinkInput, sources: RuleSources): void {
  const { book, plant, watch } = sources;
  if (input.type === 'gateway') {
    setLink(work, book.of(input.gateway), input.online);
    // Behind a lost gateway nobody knows about the devices: one alarm for the parent, none for the children.
    if (input.online) return;
    const devices = plant.devicesOf(input.gateway);
    for (const { id } of devices) loseLink(work, book.ownedBy(id));
    for (const id of linesOf(devices).keys()) loseLink(work, book.of(id));
    loseLink(work, book.of(laneSource(input.gateway)));
    return;
  }
  const online = input.type === 'device-online';
  if (!online && plant.gateways.get(input.gateway)?.online === false) {
    loseLink(work, book.of(input.device));
    return;
  }
  const device = plant.devices.get(input.device);
  if (!watch.hasDevice(input.device)) setLink(work, book.of(input.device), online);
  if (device !== undefined) setConnection(work, sources, device);
  if (input.type === 'device-online')
    for (const { point } of input.points) for (const entry of book.of(point)) bringBack(work, entry, point, sources);
}

/** A connection is lost when none of its devices is there. */
function setConnection(work: UnitOfWork, sources: RuleSources, device: DevicePlace): void {
  const { book, plant } = sources;
  const { gateway, connection } = device;
  if (connection === null) {
    superviseDevice(work, sources, device);
    return;
  }
  const isUp = plant.onConnection(gateway, connection).some(({ online }) => online);
  setLink(work, book.of(connectionId(gateway, connection)), isUp);
  for (const one of plant.onConnection(gateway, connection)) superviseDevice(work, sources, one);
}
