import { BatchOutbox, type OutboxOptions } from './batch-outbox.ts';
import { MemoryStore } from './memory-store.ts';
import type { Outbox } from './outbox.ts';

export function openMemoryOutbox(options: OutboxOptions): Outbox {
  return new BatchOutbox(new MemoryStore(), options);
}
