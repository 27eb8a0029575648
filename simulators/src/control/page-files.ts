import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const folder = fileURLToPath(new URL('../../page/', import.meta.url));
const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/dom.js': ['dom.js', 'text/javascript; charset=utf-8'],
  '/state.js': ['state.js', 'text/javascript; charset=utf-8'],
  '/words.js': ['words.js', 'text/javascript; charset=utf-8'],
} as const;

/** The page for people; it takes nothing from anywhere else. */
export function servePage(app: FastifyInstance): void {
  for (const [path, [file, type]] of Object.entries(files)) {
    const text = readFileSync(`${folder}${file}`, 'utf8');
    app.get(path, (_, reply) =>
      reply
        .type(type)
        .header(
          'content-security-policy',
          "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
        )
        .header('cache-control', 'no-cache')
        .send(text),
    );
  }
}
