import { Health } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import { replies, typed } from './replies.ts';

export function healthRoutes(app: FastifyInstance): void {
  typed(app).get('/api/health', { config: { roles: 'public' }, schema: { response: replies(Health) } }, () =>
    app.services.health(),
  );
}
