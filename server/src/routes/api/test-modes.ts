import {
  type TestMode,
  TestModeEnd,
  TestModeExtension,
  TestModePage,
  TestModeQuery,
  TestModeRequest,
  TestMode as TestModeSchema,
} from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { TestModeOutcome } from '../../domain/test-modes/test-mode.ts';
import { actOnTest, askForTest, type TestAct, testRefusalTexts } from '../../engine/test-acts.ts';
import { AccessError, personOf } from '../../plugins/app/auth.ts';
import { findTestMode, findTestModeAct, listTestModes } from '../../repositories/test-mode-repository.ts';
import { engineers, notFound, operators, replies, typed } from './replies.ts';

const Params = Type.Object({ id: Type.String() });

/** Test modes of equipment: asked for by one person, approved by another, over at their time. */
export function testModeRoutes(app: FastifyInstance): void {
  const { engine, database } = app.services;
  const response = replies(TestModeSchema);

  typed(app).get(
    '/api/test-modes',
    { schema: { querystring: TestModeQuery, response: replies(TestModePage) } },
    ({ query }) => listTestModes(database.db, query),
  );
  typed(app).get('/api/test-modes/:id', { schema: { params: Params, response } }, async ({ params }) => {
    const mode = await findTestMode(database.db, params.id);
    if (mode === null) throw notFound('test mode', params.id);
    return mode;
  });
  typed(app).post(
    '/api/test-modes',
    { config: { roles: operators }, schema: { body: TestModeRequest, response } },
    ({ body, session }) => {
      const user = session?.username ?? '';
      const { actId, ...rest } = body;
      const request = JSON.stringify(rest);
      return engine.command(async (context) => {
        const held = actId === undefined ? null : await findTestModeAct(context.db, { user, act: actId });
        if (held !== null && held.request === request) return held.mode;
        if (held !== null)
          throw new AccessError(
            409,
            'ACT_ID_USED',
            `actId "${actId}" was another request of yours; give each act its own`,
            'actId',
          );
        const act = actId === undefined ? null : { act: actId, request };
        const site = siteOf(body.equipment);
        return answerOf(await askForTest(engine, context, { asked: body, site, user, act }), 'untilMs');
      });
    },
  );

  const route = <T extends Type.TSchema>(
    name: string,
    {
      roles,
      body,
      act,
    }: { roles: readonly ('admin' | 'engineer' | 'technician')[]; body: T; act: (body: Type.Static<T>) => TestAct },
  ) =>
    typed(app).post(
      `/api/test-modes/:id/${name}`,
      { config: { roles }, schema: { params: Params, body, response } },
      (request) =>
        engine.command(async (context) => {
          const { id } = request.params as { id: string };
          const before = engine.tests.get(id) ?? (await findTestMode(context.db, id));
          if (before === null) throw notFound('test mode', id);
          const { session } = request;
          const user = name === 'approve' ? personOf(session) : (session?.username ?? '');
          return answerOf(
            await actOnTest(engine, context, { before, act: act(request.body as Type.Static<T>), user }),
            'untilMs',
          );
        }),
    );
  route('approve', {
    roles: engineers,
    body: Type.Object({}, { additionalProperties: false }),
    act: () => ({ type: 'approve' }),
  });
  route('extend', {
    roles: engineers,
    body: TestModeExtension,
    act: ({ untilMs, reason }) => ({ type: 'extend', untilMs, reason: reason.trim() }),
  });
  route('end', {
    roles: operators,
    body: TestModeEnd,
    act: ({ comment }) => ({ type: 'end', comment: comment?.trim() || null }),
  });

  /** All of it is there, and of one site. */
  function siteOf(equipment: readonly string[]): string {
    for (const id of equipment) if (!engine.plant.equipment.has(id)) throw notFound('equipment', id);
    const [site = '', ...others] = new Set(equipment.map((id) => id.split('/')[0] ?? ''));
    if (others.length === 0) return site;
    throw new AccessError(
      400,
      'INVALID_REQUEST',
      `equipment is of the sites ${[site, ...others].join(', ')}; allowed: of one`,
      'equipment',
    );
  }
}

function answerOf({ mode, refused }: TestModeOutcome, timeField: string): TestMode {
  if (mode !== undefined) return mode;
  const { status, text } = testRefusalTexts[refused];
  throw new AccessError(status, refused, text, refused === 'TEST_MODE_TIME_OUT_OF_RANGE' ? timeField : undefined);
}
