import { BatchOutbox } from './batch-outbox.ts';
import { MemoryStore } from './memory-store.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxOptions } from './outbox-options.ts';

export function openMemoryOutbox(options: OutboxOptions): Outbox {
  return new BatchOutbox(new MemoryStore(), options);
}
