import { createHash } from 'node:crypto';
import { isSlug } from '@plantroom/contracts';

const maxLength = 63;

/**
 * A slug for a name that somebody else chose: lower case, `/` becomes `.`, other runs become `-`. Where that loses letters
 * (Chinese names, overlong ones) a hash of the whole name is appended, so that two names never become one id.
 */
export function slugOf(name: string): string {
  if (isSlug(name)) return name;
  const plain = name.normalize('NFKD').replace(/\p{Mark}/gu, '');
  const lossy = /[^\x20-\x7e]/.test(plain);
  const slug = plain
    .toLowerCase()
    .replaceAll('/', '.')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return lossy || slug === '' || slug.length > maxLength ? withHash(slug, name) : slug;
}

/** The slug with a hash of the full name, for names whose plain slug is lossy or already taken. */
export function withHash(slug: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const head = slug.slice(0, maxLength - hash.length - 1).replace(/[^a-z0-9]+$/, '');
  return head === '' ? hash : `${head}-${hash}`;
}
