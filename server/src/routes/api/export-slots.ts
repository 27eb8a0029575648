import { AccessError } from '../../plugins/app/auth.ts';

/**
 * Exports of one kind that may run at once; each takes a slot and gives it back by what it got, however often that is called. Throws
 * EXPORT_BUSY (429) when none is free.
 */
export function exportSlots(most: number): () => () => void {
  const running = new Set<symbol>();
  return () => {
    if (running.size >= most) {
      throw new AccessError(
        429,
        'EXPORT_BUSY',
        `${running.size} exports are running, at most ${most}; try again later`,
      );
    }
    const slot = Symbol('export');
    running.add(slot);
    return () => void running.delete(slot);
  };
}
