import type { AlarmDefinition } from '@plantroom/contracts';
import { parseConnectionId } from '../domain/system-definitions.ts';
import type { Plant, PointPlace } from './plant.ts';
import type { RuleBook } from './rule-book.ts';

/** Which devices deliver points that an enabled life-safety alarm reads, and so which links life hangs on. */
export class LifeSafetyWatch {
  readonly #book: RuleBook;
  readonly #plant: Plant;
  readonly #points = new Map<string, readonly PointPlace[]>();
  /** Whether the server has its broker; without it nothing is known of any gateway. */
  hasBroker = true;

  constructor(book: RuleBook, plant: Plant) {
    this.#book = book;
    this.#plant = plant;
  }

  /** Whether server time has to be told. */
  get isWaiting(): boolean {
    return this.#points.size > 0;
  }

  /** Looks again at what these devices deliver: points or their alarms have changed. */
  refresh(devices: Iterable<string>): void {
    for (const id of devices) {
      const points = this.#lifeSafetyPointsOf(id);
      if (points.length === 0) this.#points.delete(id);
      else this.#points.set(id, points);
    }
  }

  devices(): Iterable<[device: string, points: readonly PointPlace[]]> {
    return this.#points;
  }

  pointsOf(device: string): readonly PointPlace[] {
    return this.#points.get(device) ?? none;
  }

  hasDevice(device: string): boolean {
    return this.#points.has(device);
  }

  hasConnection(gateway: string, connection: string): boolean {
    return this.#plant.onConnection(gateway, connection).some(({ id }) => this.#points.has(id));
  }

  hasGateway(gateway: string): boolean {
    return this.#plant.devicesOf(gateway).some(({ id }) => this.#points.has(id));
  }

  /** What an alarm is about, as a test mode names it: of a link that watches, the equipment that is watched through it. */
  equipmentOf({ equipment, source, lifeSafety, origin }: AlarmDefinition): readonly string[] {
    if (equipment !== null) return [equipment];
    if (!lifeSafety || origin !== 'system') return noEquipment;
    const points = this.#devicesBehind(source).flatMap((device) => this.pointsOf(device));
    return [...new Set(points.map((point) => point.equipment))];
  }

  #devicesBehind(source: string): string[] {
    const line = parseConnectionId(source);
    if (line !== null) return this.#plant.onConnection(line.gateway, line.connection).map(({ id }) => id);
    const [owner = source] = source.split('#', 1);
    if (this.#points.has(owner)) return [owner];
    if (this.#plant.gateways.has(owner)) return this.#plant.devicesOf(owner).map(({ id }) => id);
    return [...this.#points.keys()];
  }

  #lifeSafetyPointsOf(id: string): readonly PointPlace[] {
    const equipment = this.#plant.devices.get(id)?.equipment ?? [];
    return equipment
      .flatMap((one) => this.#plant.pointsOf(one))
      .filter(({ device, id: point }) => {
        return device === id && this.#book.of(point).some(({ definition }) => definition.lifeSafety);
      });
  }
}

const none: readonly PointPlace[] = [];
const noEquipment: readonly string[] = [];
