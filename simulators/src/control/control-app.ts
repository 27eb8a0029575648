import { PlantroomError, type PointValue } from '@plantroom/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { faultCatalogue } from '../faults/catalogue.ts';
import type { ActiveFault, FaultRequest } from '../faults/fault-board.ts';
import { mostRate, type Pace } from '../model/pacer.ts';
import type { BuildingDescription } from './building-description.ts';
import { servePage } from './page-files.ts';
import { foreign } from './same-origin.ts';

/** What the control interface works on. */
export interface ControlTarget {
  faults(): readonly (ActiveFault & { level: number })[];
  /** Throws a PlantroomError FAULT_… with what is allowed. */
  setFault(request: FaultRequest): ActiveFault;
  /** Throws FAULT_NOT_ACTIVE. */
  clearFault(id: string): ActiveFault;
  /** Equipment id → class points, exact model values. */
  state(): { timeMs: number; equipment: Record<string, Record<string, PointValue>> };
  health(): Record<string, unknown>;
  building(): BuildingDescription;
  time(): BuildingClock;
  /** Throws RATE_INVALID. */
  setRate(rate: number): void;
}

/** The building's own time. */
export interface BuildingClock extends Pace {
  /** UTC ms. */
  nowMs: number;
  /** Building time less wall time. */
  offsetMs: number;
}

const FaultBody = Type.Object(
  {
    equipment: Type.String({ minLength: 1 }),
    fault: Type.String({ minLength: 1 }),
    severity: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    rampS: Type.Optional(Type.Number({ minimum: 0, maximum: 31_536_000 })),
    point: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
);

const TimeBody = Type.Object({ rate: Type.Number({ minimum: 0, maximum: mostRate }) }, { additionalProperties: false });
const allowedAt: Partial<Record<string, string>> = {
  '/faults': '{equipment, fault, severity? 0..1, rampS? ≥ 0, point?}',
  '/time': `{rate 0..${mostRate}}, 0 is a pause`,
};
const routes = [
  'GET /faults',
  'POST /faults',
  'DELETE /faults/:id',
  'GET /building',
  'GET /state',
  'GET /time',
  'PUT /time',
  'GET /health',
].join(', ');

/** The control interface of the simulators, as a Fastify app that does not listen yet. */
export function controlApp(target: ControlTarget): FastifyInstance {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    const code = error instanceof PlantroomError ? error.code : status === 400 ? 'BODY_INVALID' : 'INTERNAL';
    const message = error instanceof Error ? error.message : String(error);
    const allowed = allowedAt[request.routeOptions.url ?? ''];
    const hint = code === 'BODY_INVALID' && allowed !== undefined ? `; allowed: ${allowed}` : '';
    return reply
      .status(status)
      .send({ statusCode: status, code, message: `${message}${refused(error, request)}${hint}` });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({
      statusCode: 404,
      code: 'ROUTE_UNKNOWN',
      message: `no ${request.method} ${request.url}; there are: ${routes}`,
    }),
  );
  app.addHook('onRequest', (request, reply, done) => {
    const why = foreign(request);
    if (why === undefined) done();
    else reply.status(403).send({ statusCode: 403, code: 'ORIGIN_FOREIGN', message: why });
  });
  servePage(app);
  app.get('/faults', () => ({ catalogue: faultCatalogue, active: target.faults() }));
  app.post<{ Body: Static<typeof FaultBody> }>('/faults', { schema: { body: FaultBody } }, (request, reply) =>
    reply.status(201).send(target.setFault(request.body)),
  );
  app.delete<{ Params: { id: string } }>('/faults/:id', (request) => target.clearFault(request.params.id));
  app.get('/state', () => target.state());
  app.get('/health', () => target.health());
  app.get('/building', () => target.building());
  app.get('/time', () => target.time());
  app.put<{ Body: Static<typeof TimeBody> }>('/time', { schema: { body: TimeBody } }, (request) => {
    target.setRate(request.body.rate);
    return target.time();
  });
  return app;
}

/** The value that the schema of a body refuses, where it is one of its own. */
function refused(error: unknown, { body }: { body: unknown }): string {
  const [first] = (error as { validation?: { instancePath: string }[] }).validation ?? [];
  const key = first?.instancePath.slice(1) ?? '';
  const value = key === '' ? undefined : (body as Record<string, unknown>)[key];
  return value === undefined ? '' : ` and is ${JSON.stringify(value)}`;
}

function statusOf(error: unknown): number {
  if (error instanceof PlantroomError) {
    return error.code === 'FAULT_NOT_ACTIVE' || error.code === 'FAULT_EQUIPMENT_UNKNOWN' ? 404 : 400;
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
