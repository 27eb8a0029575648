import { Backtest, BacktestRequest } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { BacktestRefusal } from '../../backtest/select-alarms.ts';
import { AccessError } from '../../plugins/app/auth.ts';
import { engineers, notFound, replies, typed } from './replies.ts';

const Params = Type.Object({ id: Type.String() });
const defaultWaitMs = 2_000;

/** Alarm definitions tried on history: one run for each user, in the place of the former one. */
export function backtestRoutes(app: FastifyInstance): void {
  const { backtests, clock } = app.services;
  const config = { roles: engineers };
  const wait = async (ended: Promise<void>, ms: number): Promise<void> => {
    let cancel = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    await Promise.race([ended, over]);
    cancel();
  };

  typed(app).post(
    '/api/backtests',
    { config, schema: { body: BacktestRequest, response: replies(Backtest) } },
    async ({ body, session }) => {
      try {
        const run = backtests.start(session?.username ?? '', body);
        await wait(run.ended, body.waitMs ?? defaultWaitMs);
        return backtests.view(run);
      } catch (error) {
        if (!(error instanceof BacktestRefusal)) throw error;
        const message = error.message.replace(` [${error.code}]`, '');
        throw new AccessError(400, error.code, message, error.field);
      }
    },
  );
  const Query = Type.Object({ waitMs: BacktestRequest.properties.waitMs }, { additionalProperties: false });
  typed(app).get(
    '/api/backtests/:id',
    { config, schema: { params: Params, querystring: Query, response: replies(Backtest) } },
    async ({ params, query, session }) => {
      const run = backtests.find(session?.username ?? '', params.id);
      if (run === undefined) throw notFound('backtest', params.id);
      await wait(run.ended, query.waitMs ?? 0);
      return backtests.view(run);
    },
  );
  typed(app).delete(
    '/api/backtests/:id',
    { config, schema: { params: Params, response: replies(Backtest) } },
    async ({ params, session }) => {
      const run = backtests.find(session?.username ?? '', params.id);
      if (run === undefined) throw notFound('backtest', params.id);
      backtests.cancel(run);
      await run.ended;
      return backtests.view(run);
    },
  );
}
