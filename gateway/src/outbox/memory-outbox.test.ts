import { openMemoryOutbox } from './memory-outbox.ts';
import { outboxContract } from './outbox-contract.ts';

outboxContract('memory', openMemoryOutbox);
