import fp from 'fastify-plugin';
import { AccessError } from './auth.ts';

/**
 * U+0000 is no character of a text: PostgreSQL keeps none, spreadsheets show none. Whoever sends one is told, whichever database there is;
 * so no schema has to say it.
 */
export const plainTextPlugin = fp(
  (app) => {
    app.addHook('preValidation', (request, _reply, done) => {
      const { params, query, body } = request;
      const field = nulIn(params) ?? nulIn(query) ?? (isPlain(body) ? nulIn(body) : null);
      if (field === null) return done();
      done(
        new AccessError(400, 'INVALID_REQUEST', `${field} holds the character U+0000, which no text may hold`, field),
      );
    });
    return Promise.resolve();
  },
  { name: 'plain-text' },
);

/** What was JSON or a form; what comes as a stream of bytes has rules of its own. */
const isPlain = (body: unknown): boolean =>
  Array.isArray(body) ||
  (typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype);

/** Path of the first text that holds one; null: there is none. */
function nulIn(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return value.includes('\u0000') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, each] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const found = key.includes('\u0000') ? path : nulIn(each, at);
    if (found !== null) return found;
  }
  return null;
}
