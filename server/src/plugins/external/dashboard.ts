import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import fp from 'fastify-plugin';

const notBuilt =
  'The dashboard is not built yet: run "npm run build". The API is at /api/docs.\n界面尚未构建：请运行 npm run build。接口文档见 /api/docs。\n';

/** The built dashboard. Hashed assets never change; the page itself is asked for anew each time; deep links get the page. */
export const dashboardPlugin = fp(
  async (app) => {
    const root = app.services.dashboardDir;
    const built = existsSync(path.join(root, 'index.html'));
    if (built) {
      await app.register(fastifyStatic, {
        root,
        // The build lays a .gz beside each file worth it.
        preCompressed: true,
        setHeaders: (reply, file) => {
          const hashed = file.includes(`${path.sep}assets${path.sep}`);
          reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      });
    }
    app.setNotFoundHandler((request, reply) => {
      const { pathname } = new URL(request.url, 'http://localhost');
      const forPeople = request.method === 'GET' && !/^\/(api|metrics)(\/|$)/.test(pathname) && !pathname.includes('.');
      if (!forPeople) {
        const message = `there is no ${request.method} ${pathname}`;
        return reply.code(404).send({ statusCode: 404, code: 'NOT_FOUND', message });
      }
      return built ? reply.sendFile('index.html') : reply.code(503).type('text/plain; charset=utf-8').send(notBuilt);
    });
  },
  { name: 'dashboard' },
);
