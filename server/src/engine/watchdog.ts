import { isRising, usable } from '../domain/alarms/condition.ts';
import { connectionId, givenUpMs, linkSettleMs, outboxSource, signalSource } from '../domain/system-definitions.ts';
import { lossOf, type SharedLine } from '../domain/watchdog/device-loss.ts';
import { isAlive } from '../domain/watchdog/signal-watch.ts';
import { loseLink, type RuleSources, setLink } from './evaluate-input.ts';
import type { DevicePlace } from './plant.ts';
import type { UnitOfWork } from './unit-of-work.ts';

const bounds = { settleMs: linkSettleMs, givenUpMs };
/** Points that the value of the alarm names. */
const maxNamed = 5;

/** Looks at every device that life hangs on; each second, because silence tells nobody. */
export function supervise(work: UnitOfWork, sources: RuleSources): void {
  for (const [id] of sources.watch.devices()) {
    const device = sources.plant.devices.get(id);
    if (device !== undefined) superviseDevice(work, sources, device);
  }
}

export function superviseDevice(work: UnitOfWork, sources: RuleSources, device: DevicePlace): void {
  const { plant, watch, book } = sources;
  const gateway = plant.gateways.get(device.gateway);
  if (!watch.hasDevice(device.id)) return;
  if (gateway === undefined || !watch.hasBroker) {
    loseLink(work, book.ownedBy(device.id));
    return;
  }
  const loss = lossOf({ ...device, gateway, line: lineOf(work, sources, device) }, work.nowMs, bounds);
  const link = book.of(device.id);
  if (loss.is === 'there') setLink(work, link, true);
  else if (loss.is === 'unknown') loseLink(work, link);
  else
    for (const entry of link) {
      const { state } = work.view(entry);
      // It has been lost since then, whenever that could be told.
      const atMs = Math.max(loss.sinceMs, state.sinceMs ?? 0);
      work.evaluate(entry, { type: 'reading', atMs, value: false, quality: 'good' });
      work.evaluate(entry, { type: 'time', atMs: work.nowMs });
    }
  // A gateway that cannot store tells nothing, and says so itself.
  const stores = book.of(outboxSource(device.gateway)).every((entry) => !work.view(entry).state.holds);
  if (loss.is === 'there' && gateway.online && stores) superviseSignals(work, sources, device);
  else loseLink(work, book.of(signalSource(device.id)));
}

/** One alarm for all of them; what is in test is watched by those who test it. */
function superviseSignals(work: UnitOfWork, sources: RuleSources, { id }: DevicePlace): void {
  const { watch, current, tests, book } = sources;
  const dead = watch
    .pointsOf(id)
    .filter(({ id: point, silenceMs }) => !isAlive(current.get(point), silenceMs, work.nowMs))
    .filter(({ equipment }) => !tests.isInTest(equipment))
    .map(({ id: point }) => point.slice(point.indexOf('/') + 1));
  const more = dead.length > maxNamed ? ` +${dead.length - maxNamed}` : '';
  const value = dead.length === 0 ? false : `${dead.slice(0, maxNamed).join(', ')}${more}`;
  for (const entry of book.of(signalSource(id))) {
    const { state } = work.view(entry);
    // Between two looks nobody saw whether it lasted, however long the server was held up.
    if (dead.length === 0 && isRising(state)) work.evaluate(entry, { type: 'source-lost' });
    const atMs = Math.max(work.nowMs, state.sinceMs ?? 0);
    work.evaluate(entry, { type: 'reading', atMs, value, quality: 'good', holds: dead.length > 0 });
  }
}

/** Null: the device has its connection for itself. */
function lineOf(work: UnitOfWork, { plant, book, current }: RuleSources, device: DevicePlace): SharedLine | null {
  const { gateway, connection } = device;
  if (device.online || connection === null) return null;
  const [entry] = book.of(connectionId(gateway, connection));
  if (entry === undefined) return null;
  const others = plant.onConnection(gateway, connection).filter(({ online, id }) => online && id !== device.id);
  const points = others.flatMap(({ id, equipment }) =>
    equipment.flatMap((one) => plant.pointsOf(one).filter((point) => point.device === id)),
  );
  const heard = points.map((point) => {
    const value = current.get(point.id);
    return value !== undefined && usable(value.quality, value.reason) ? value.ingestTimeMs : 0;
  });
  const { state } = work.view(entry);
  return { isUp: others.length > 0, upSinceMs: state.holds ? 0 : (state.sinceMs ?? 0), heardMs: Math.max(0, ...heard) };
}
