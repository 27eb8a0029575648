import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PlantroomError } from '@plantroom/contracts';

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals the secrets of channels and signs links with a key of the installation. The key lies beside the data, not in the database: a copy of
 * the database alone tells no secret.
 */
export class Vault {
  readonly #sealing: Buffer;
  readonly #signing: Buffer;

  constructor(key: Buffer) {
    const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, keyBytes));
    this.#sealing = derived('plantroom notification secrets');
    this.#signing = derived('plantroom notification links');
  }

  /** `place` is sealed with it: a row that is moved to another channel opens nothing. */
  seal(text: string, place: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, iv).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** Null: sealed with another key, or damaged. */
  open(sealed: string, place: string): string | null {
    try {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', this.#sealing, bytes.subarray(0, ivBytes));
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }

  sign(text: string): string {
    return createHmac('sha256', this.#signing).update(text).digest('base64url').slice(0, 32);
  }

  isSigned(text: string, signature: string): boolean {
    const right = Buffer.from(this.sign(text));
    const given = Buffer.from(signature);
    return right.length === given.length && timingSafeEqual(right, given);
  }
}

/** Reads the key of the installation, or makes one. */
export function openVault(dataDir: string): Vault {
  const file = path.join(dataDir, 'notification.key');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(file, `${randomBytes(keyBytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new PlantroomError(
      'NOTIFICATION_KEY',
      `${file} does not hold a key of 64 hexadecimal digits; restore it, or remove it and enter the secrets again`,
    );
  }
  return new Vault(Buffer.from(text, 'hex'));
}
