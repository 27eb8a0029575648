import { PlantroomError } from '@plantroom/contracts';
import type { StoreContents, StoredCursor } from './batch-store.ts';
import { type StoredLane, storedLanes } from './outbox.ts';

/** How far each uplink has come in each lane. */
export class Cursors {
  readonly #of = new Map<string, Record<StoredLane, number>>();
  #dirty = new Set<string>();

  /** Cursors of others than `uplinks` are left out; an uplink without one begins with what is still there. */
  constructor(uplinks: readonly string[], { lanes, cursors }: Pick<StoreContents, 'lanes' | 'cursors'>) {
    for (const uplink of uplinks) this.#of.set(uplink, { safety: lanes.safety.floor, live: lanes.live.floor });
    for (const { uplink, lane, position } of cursors) {
      const cursor = this.#of.get(uplink);
      if (cursor !== undefined) cursor[lane] = position;
    }
  }

  /** Throws OUTBOX_UPLINK. */
  of(uplink: string): Record<StoredLane, number> {
    const cursor = this.#of.get(uplink);
    if (cursor === undefined)
      throw new PlantroomError(
        'OUTBOX_UPLINK',
        `uplink "${uplink}" is unknown to the outbox; known: ${[...this.#of.keys()].join(', ') || 'none'}`,
      );
    return cursor;
  }

  move(uplink: string, lane: StoredLane, to: number): void {
    this.of(uplink)[lane] = to;
    this.#dirty.add(uplink);
  }

  /** Every uplink has committed what lies before this position. */
  done(lane: StoredLane): number {
    let done = Number.POSITIVE_INFINITY;
    for (const cursor of this.#of.values()) if (cursor[lane] < done) done = cursor[lane];
    return done;
  }

  /** Uplinks that have not committed everything before `position`, in the order of their names. */
  behind(lane: StoredLane, position: number): string[] {
    return [...this.#of].flatMap(([uplink, cursor]) => (cursor[lane] < position ? uplink : [])).sort();
  }

  pending(positions: Record<StoredLane, number>): Record<string, Record<StoredLane, number>> {
    return Object.fromEntries(
      [...this.#of].map(([uplink, { safety, live }]) => [
        uplink,
        { safety: positions.safety - safety, live: positions.live - live },
      ]),
    );
  }

  all(): StoredCursor[] {
    return [...this.#of.keys()].flatMap((uplink) => this.#ofUplink(uplink));
  }

  /** Those that have moved since `saved`. */
  moved(): StoredCursor[] {
    return [...this.#dirty].flatMap((uplink) => this.#ofUplink(uplink));
  }

  saved(): void {
    this.#dirty = new Set();
  }

  /** What was said to be saved has been rolled back. */
  unsaved(): void {
    this.#dirty = new Set(this.#of.keys());
  }

  #ofUplink(uplink: string): StoredCursor[] {
    return storedLanes.map((lane) => ({ uplink, lane, position: this.of(uplink)[lane] }));
  }
}
