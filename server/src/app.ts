import { createHash, timingSafeEqual } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySensible from '@fastify/sensible';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { authPlugin } from './plugins/app/auth.ts';
import { errorsPlugin } from './plugins/app/errors.ts';
import { metricsPlugin } from './plugins/app/metrics.ts';
import { plainTextPlugin } from './plugins/app/plain-text.ts';
import { dashboardPlugin } from './plugins/external/dashboard.ts';
import { findToken } from './repositories/people-repository.ts';
import { acknowledgeRoutes } from './routes/acknowledge/acknowledge-routes.ts';
import { alarmActRoutes } from './routes/api/alarm-acts.ts';
import { alarmDefinitionRoutes } from './routes/api/alarm-definitions.ts';
import { alarmFloodRoutes } from './routes/api/alarm-floods.ts';
import { alarmJournalRoutes } from './routes/api/alarm-journal.ts';
import { alarmKpiRoutes } from './routes/api/alarm-kpis.ts';
import { alarmRoutes } from './routes/api/alarms.ts';
import { backtestRoutes } from './routes/api/backtests.ts';
import { commandRoutes } from './routes/api/commands.ts';
import { handoverRoutes } from './routes/api/handovers.ts';
import { healthRoutes } from './routes/api/health.ts';
import { historyExportRoutes } from './routes/api/history-export.ts';
import { notificationRoutes } from './routes/api/notifications.ts';
import { peopleRoutes } from './routes/api/people.ts';
import { plantRoutes } from './routes/api/plant.ts';
import { pointRoutes } from './routes/api/points.ts';
import { sessionRoutes } from './routes/api/session.ts';
import { testModeRoutes } from './routes/api/test-modes.ts';
import { workOrderRoutes } from './routes/api/work-orders.ts';
import { writeRoute } from './routes/write/write-route.ts';
import type { Services } from './services.ts';

/** The HTTP side of the server as a plugin; who listens is the caller's matter. */
export const app = fp(
  async (instance: FastifyInstance, services: Services) => {
    instance.decorate('services', services);
    instance.setValidatorCompiler(TypeBoxValidatorCompiler);
    // Answers are built by our own views; a serializer made from the schema would cost a history answer more than its query.
    instance.setSerializerCompiler(() => JSON.stringify);
    await instance.register(errorsPlugin);
    await instance.register(fastifyCookie);
    await instance.register(fastifySensible);
    await instance.register(fastifyRateLimit, { global: false });
    await instance.register(fastifySwagger, {
      openapi: {
        info: { title: 'Plantroom', description: 'HTTP API of the Plantroom server', version: '0.1.0' },
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      },
    });
    await instance.register(authPlugin);
    await instance.register(plainTextPlugin);
    await instance.register(fastifySwaggerUi, { routePrefix: '/api/docs' });
    await instance.register(metricsPlugin);
    await instance.register(dashboardPlugin);
    const routes = [
      healthRoutes,
      sessionRoutes,
      plantRoutes,
      pointRoutes,
      alarmDefinitionRoutes,
      historyExportRoutes,
      commandRoutes,
      backtestRoutes,
      alarmRoutes,
      alarmJournalRoutes,
      alarmKpiRoutes,
      alarmFloodRoutes,
      handoverRoutes,
      alarmActRoutes,
      testModeRoutes,
      workOrderRoutes,
      peopleRoutes,
      notificationRoutes,
      acknowledgeRoutes,
    ];
    for (const register of routes) register(instance);
    const { historian, logger, clock, database, gatewayToken } = services;
    // A token without a session: gateways, Telegraf and Home Assistant write here with nothing else.
    const verifyToken = async (token: string): Promise<boolean> => {
      if (gatewayToken !== null && sameText(token, gatewayToken)) return true;
      const session = await findToken(database.db, token, clock.nowMs());
      return session !== null && session.role !== 'viewer';
    };
    await instance.register(writeRoute, { historian, logger, verifyToken, nowMs: () => clock.nowMs() });
  },
  { name: 'app' },
);

/** In a time that tells nothing about where they differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
