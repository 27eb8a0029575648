import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// RFC 7914 parameters for interactive sign-in (OWASP: N = 2^15, r = 8, p = 3 at 32 MiB).
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const keyBytes = 32;

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** `scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/** A hash that is null or damaged costs as long as a right one, so that a missing user is not told by the clock. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [kind, salt, key] = (hash ?? '').split('$');
  const expected = Buffer.from(key ?? '', 'base64url');
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'));
  return kind === 'scrypt' && expected.length === keyBytes && timingSafeEqual(derived, expected);
}
