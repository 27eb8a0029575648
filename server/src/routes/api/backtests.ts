import { Backtest, type BacktestChange, BacktestRequest } from '@plantroom/contracts';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { BacktestRefusal } from '../../backtest/select-alarms.ts';
import { definitionFaults, type OverrideFault } from '../../domain/alarms/overrides.ts';
import { pointFinder } from '../../engine/point-paths.ts';
import { AccessError } from '../../plugins/app/auth.ts';
import { refuseFaults } from './faults.ts';
import { engineers, notFound, replies, typed } from './replies.ts';

const Params = Type.Object({ id: Type.String() });
const defaultWaitMs = 2_000;

/** Alarm definitions tried on history: one run for each user, in the place of the former one. */
export function backtestRoutes(app: FastifyInstance): void {
  const { backtests, clock, engine } = app.services;
  const config = { roles: engineers };
  const wait = async (ended: Promise<void>, ms: number): Promise<void> => {
    let cancel = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    await Promise.race([ended, over]);
    cancel();
  };

  /** A condition that fits no point would stay silent over all of history. */
  const faultsOf = ({ alarm, condition: given, enabledWhen }: BacktestChange): OverrideFault[] => {
    const source = alarm?.split('#')[0] ?? '';
    const owner = source.split('/').slice(0, 2).join('/');
    const condition = given ?? engine.book.get(alarm ?? '')?.definition.condition;
    if (condition === undefined || (given === undefined && enabledWhen == null)) return [];
    const wanted = { source, condition, ...(enabledWhen == null ? {} : { enabledWhen }) };
    const context = { class: engine.settings.classOf(owner), find: pointFinder(engine.plant, owner) };
    return [...definitionFaults(wanted, context)].map(([field, message, words]) => ({ field, message, words }));
  };

  typed(app).post(
    '/api/backtests',
    { config, schema: { body: BacktestRequest, response: replies(Backtest) } },
    async ({ body, session }) => {
      for (const [at, change] of body.changes.entries()) refuseFaults(faultsOf(change), `changes.${at}.`);
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
