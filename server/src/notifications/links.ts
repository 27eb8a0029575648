import { randomBytes } from 'node:crypto';
import type { Db } from '../repositories/database.ts';
import { findLink, insertLink } from '../repositories/notification-call-repository.ts';
import type { AlarmFacts } from './domain/alarm-facts.ts';
import type { Vault } from './vault.ts';

export interface AcknowledgeLink {
  id: string;
  person: string;
  alarm: string;
  occurrence: string | null;
  expiresMs: number;
  usedMs: number | null;
}

/** Links that let one person acknowledge one occurrence once, without signing in. The table alone opens nothing: the token is signed. */
export class Links {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async create(
    db: Db,
    { facts, person, expiresMs }: { facts: AlarmFacts; person: string; expiresMs: number },
  ): Promise<string> {
    const id = randomBytes(12).toString('base64url');
    await insertLink(db, {
      id,
      person,
      alarm: facts.alarm,
      occurrence: facts.occurrence,
      expires_ms: expiresMs,
      used_ms: null,
    });
    return id;
  }

  /** Of a link's id, as it stands in a message. */
  address(publicUrl: string, id: string): string {
    return `${publicUrl.replace(/\/+$/, '')}/ack/${id}.${this.#vault.sign(id)}`;
  }

  /** Null: not one of ours. */
  async find(db: Db, token: string): Promise<AcknowledgeLink | null> {
    const [id = '', signature = ''] = token.split('.');
    if (!this.#vault.isSigned(id, signature)) return null;
    const row = await findLink(db, id);
    if (row === null) return null;
    const { person, alarm, occurrence, expires_ms: expiresMs, used_ms: usedMs } = row;
    return { id, person, alarm, occurrence, expiresMs, usedMs };
  }
}
