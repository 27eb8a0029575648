import { BatchOutbox } from './batch-outbox.ts';
import { MemoryStore } from './memory-store.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxOptions } from './outbox-options.ts';

/** `store`: what a former one has left; left out: nothing. */
export function openMemoryOutbox(options: OutboxOptions, store = new MemoryStore()): Outbox {
  return new BatchOutbox(store, options);
}
