import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  Alarm,
  AlarmActResult,
  AlarmKpiReport,
  Backtest,
  Health,
  JournalPage,
  NotificationDelivery,
  ShiftHandover,
  TestMode,
} from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../helpers/api-client.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningPostgres, runPostgres } from '../helpers/run-postgres.ts';
import { adminPassword, type RunningStack, startStack } from '../helpers/start-stack.ts';

const { available, hint } = peer('postgres');
const signingKey = 'the key of this test';
const password = 'long enough for a test';
const fire = 'demo/fire-zone-lobby/fire#fire';
const noWater = 'demo/booster-1/inlet-pressure#inlet-pressure-low';

/** A webhook that notes the alarms of each message whose signature is right. */
class Hook {
  readonly told: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const right = `sha256=${createHmac('sha256', signingKey).update(body).digest('hex')}`;
      if (request.headers['x-signature'] !== right) return response.writeHead(403).end();
      const { alarms } = JSON.parse(body.toString()) as { alarms: { event: string; alarm: string }[] };
      this.told.push(...alarms.map(({ event, alarm }) => `${event} ${alarm}`));
      return response.writeHead(200).end('taken');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe.skipIf(!available)(
  `the line of alarms with its operational data in PostgreSQL ${available ? '' : hint}`,
  () => {
    const hook = new Hook();
    let postgres: RunningPostgres;
    let stack: RunningStack;
    let technician: ApiClient;
    let engineer: ApiClient;

    const signIn = async (username: string, role: string): Promise<ApiClient> => {
      await stack.api.request('POST', '/api/users', { username, role, password });
      const client = new ApiClient(stack.url);
      await client.signIn(username, password);
      return client;
    };
    const alarmOf = async (id: string): Promise<Alarm | undefined> =>
      (await stack.api.get<{ items: Alarm[] }>('/api/alarms?all=true')).items.find((alarm) => alarm.id === id);
    const becomes = (id: string, state: Alarm['state'], parts: Partial<Alarm> = {}): Promise<void> =>
      eventually(async () => expect(await alarmOf(id)).toMatchObject({ state, ...parts }), {
        what: `${id} is ${state}`,
      });
    const told = (line: string, times = 1): Promise<void> =>
      eventually(() => expect(hook.told.filter((each) => each === line)).toHaveLength(times), { what: line });
    const begin = (equipment: string, fault: string) =>
      stack.sim<{ id: string }>('POST', '/faults', { equipment, fault, severity: 1, rampS: 0 });
    const act = (client: ApiClient, name: string, ids: string[], body: object = {}): Promise<AlarmActResult> =>
      client.request('POST', `/api/alarms/${name}`, { ids, ...body });
    const journalOf = async (id: string, query = ''): Promise<JournalPage['items']> =>
      (await stack.api.get<JournalPage>(`/api/alarms/journal?alarm=${encodeURIComponent(id)}${query}`)).items;
    /** Everything that the demo building reads at all is known. */
    const live = (): Promise<void> =>
      eventually(
        async () => {
          const values = [
            ...(await stack.api.values('demo/fire-zone-lobby')),
            ...(await stack.api.values('demo/booster-1')),
          ];
          const known = new Map(values.map(({ point, quality }) => [point, quality]));
          expect(known.get('demo/fire-zone-lobby/fire')).toBe('good');
          expect(known.get('demo/booster-1/inlet-pressure')).toBe('good');
        },
        { what: 'the building is read' },
      );

    beforeAll(async () => {
      postgres = await runPostgres();
      stack = await startStack({ environment: { DATABASE_URL: await postgres.emptyDatabase() } });
      technician = await signIn('an', 'technician');
      engineer = await signIn('bo', 'engineer');
      const url = await hook.start();
      await stack.api.request('PUT', '/api/notifications/channels/hook', {
        name: 'Hook',
        enabled: true,
        language: 'en',
        coalesceS: 0,
        perMinute: 600,
        settings: { kind: 'webhook', url },
        secrets: { signingKey },
      });
      await stack.api.request('PUT', '/api/notifications/policies/all', {
        name: 'All',
        enabled: true,
        match: {},
        steps: [{ afterMinutes: 0, targets: [{ type: 'channel', id: 'hook' }] }],
        repeat: null,
        stopOnReturn: false,
        tellReturned: true,
      });
      await live();
    });
    afterAll(async () => {
      await stack?.destroy();
      await hook.stop();
      await postgres?.stop();
    });

    test('a fire is announced, told, opens its order and is acknowledged; what is repeated is done once', async () => {
      const { id } = await begin('fire-zone-lobby', 'call-point-pressed');
      await becomes(fire, 'UNACK');
      await told(`announced ${fire}`);
      await eventually(async () => expect((await alarmOf(fire))?.workOrder).not.toBeNull(), { what: 'its order' });
      const acts = await Promise.all(
        [1, 2, 3].map(() => act(technician, 'ack', [fire], { comment: '看到了', actId: 'ack-of-the-fire' })),
      );
      expect(acts.map(({ refused }) => refused)).toEqual([[], [], []]);
      await becomes(fire, 'ACKED', { ackedBy: 'an', ackComment: '看到了' });
      expect((await journalOf(fire)).filter(({ action }) => action === 'acknowledged')).toHaveLength(1);
      await stack.sim('DELETE', `/faults/${id}`);
    });

    test('shelving, comments and out of service, with what is refused', async () => {
      expect((await act(technician, 'shelve', [fire], { mode: 'timed', reason: 'no' })).refused).toEqual([
        { id: fire, code: 'ALARM_LIFE_SAFETY' },
      ]);
      const { id } = await begin('booster-1', 'dry-run');
      await becomes(noWater, 'UNACK');
      await told(`announced ${noWater}`);
      await act(technician, 'shelve', [noWater], {
        mode: 'timed',
        durationMs: 3_600_000,
        reason: 'pump is being mended',
      });
      await becomes(noWater, 'SHLVD');
      await act(technician, 'unshelve', [noWater]);
      await becomes(noWater, 'ACKED');
      await act(technician, 'comment', [noWater], { comment: 'line one\r\nline two' });
      const outOfService = {
        approver: 'admin',
        password: adminPassword,
        workOrder: 'WO-1',
        reviewMs: Date.now() + 3_600_000,
        reason: 'valve shut',
      };
      await act(engineer, 'out-of-service', [noWater], outOfService);
      await becomes(noWater, 'OOSRV');
      await act(engineer, 'return-to-service', [noWater]);
      await becomes(noWater, 'UNACK');
      await told(`announced ${noWater}`, 2);
      await act(engineer, 'ack', [noWater]);
      await stack.sim('DELETE', `/faults/${id}`);
      await becomes(noWater, 'NORM');
      // It was told twice, and is over once.
      await told(`returned ${noWater}`);
      // Whether it opens the order or comes to one depends on which alarm of the set is read first.
      const actions = (await journalOf(noWater)).map(({ action }) => action);
      expect(actions.filter((action) => !action.startsWith('order-'))).toEqual([
        'returned',
        'acknowledged',
        'returned-to-service',
        'out-of-service',
        'commented',
        'unshelved',
        'shelved',
        'activated',
      ]);
    });

    test('a database that is gone for a while loses no alarm, and neither server nor notifications end with it', async () => {
      const { pid } = stack.process('server');
      await postgres.crash();
      const { id } = await begin('fire-zone-roof', 'call-point-pressed');
      await eventually(
        async () => expect((await stack.api.get<Health>('/api/health')).parts.database?.status).toBe('degraded'),
        { what: 'the server says that its database is gone' },
      );
      await postgres.startAgain();
      const roof = 'demo/fire-zone-roof/fire#fire';
      await becomes(roof, 'UNACK');
      await told(`announced ${roof}`);
      expect(stack.process('server').pid, 'the server is the one that was started').toBe(pid);
      await eventually(
        async () =>
          expect((await stack.api.get<Health>('/api/health')).parts).toMatchObject({
            database: { status: 'ok' },
            notifications: { status: 'ok' },
          }),
        { what: 'everything is well again' },
      );
      await act(technician, 'ack', [roof]);
      await becomes(roof, 'ACKED');
      await stack.sim('DELETE', `/faults/${id}`);
    });

    test('a test mode hides nothing, tells nobody, and ends with what still stands told', async () => {
      const zone = 'demo/fire-zone-high';
      const asked = await technician.request<TestMode>('POST', '/api/test-modes', {
        equipment: [zone],
        reason: 'yearly test',
        untilMs: Date.now() + 3_600_000,
      });
      await expect(technician.request('POST', `/api/test-modes/${asked.id}/approve`, {})).rejects.toThrow('403');
      await engineer.request('POST', `/api/test-modes/${asked.id}/approve`, {});
      const { id } = await begin('fire-zone-high', 'call-point-pressed');
      const inTest = `${zone}/fire#fire`;
      await becomes(inTest, 'UNACK', { testMode: asked.id });
      await eventually(async () => expect((await journalOf(inTest)).length).toBeGreaterThan(0), { what: 'journalled' });
      expect(hook.told).not.toContain(`announced ${inTest}`);
      await technician.request('POST', `/api/test-modes/${asked.id}/end`, {});
      await becomes(inTest, 'UNACK', { testMode: null });
      await told(`announced ${inTest}`);
      await act(technician, 'ack', [inTest]);
      await stack.sim('DELETE', `/faults/${id}`);
    });

    test('a shift is handed over with two signatures, and its numbers are those of the journal', async () => {
      const { fromMs } = await technician.get<ShiftHandover>('/api/handovers/shift?site=demo');
      const left = await technician.request<ShiftHandover>('POST', '/api/handovers/leave', {
        site: 'demo',
        fromMs,
        notes: '泵房阀门已开',
      });
      await expect(technician.request('POST', `/api/handovers/${left.id}/take`, {})).rejects.toThrow(
        'HANDOVER_SAME_PERSON',
      );
      const taken = await technician.request<ShiftHandover>('POST', `/api/handovers/${left.id}/take`, {
        username: 'bo',
        password,
      });
      expect(taken).toMatchObject({ state: 'taken', leftBy: 'an', takenBy: 'bo', notes: '泵房阀门已开' });
      await expect(
        technician.request('PUT', '/api/handovers/notes', { site: 'demo', fromMs, notes: 'another' }),
      ).rejects.toThrow('HANDOVER_SIGNED');
      expect(taken.report.lifeSafety.map(({ alarm }) => alarm)).toContain(fire);
      const kpis = await engineer.get<AlarmKpiReport>(
        `/api/alarms/kpis?site=demo&from=${fromMs}&to=${taken.report.madeMs + 1}`,
      );
      expect(kpis.annunciated).toBe(taken.report.annunciated);
      expect(kpis.kpis.find(({ id }) => id === 'shelved')?.value).toBe(1);
    });

    test('the journal is found and exported, settings are changed, history is tried', async () => {
      const found = await engineer.get<JournalPage>(
        `/api/alarms/journal?q=${encodeURIComponent('看到了')}&system=fire`,
      );
      expect(found.items).toMatchObject([{ alarm: fire, action: 'acknowledged', user: 'an', comment: '看到了' }]);
      const first = await engineer.get<JournalPage>('/api/alarms/journal?limit=3');
      const second = await engineer.get<JournalPage>(`/api/alarms/journal?limit=3&after=${first.next}`);
      expect(second.items[0]?.seq).toBeLessThan(first.items.at(-1)?.seq ?? 0);
      for (const [format, beginning] of [
        ['csv', '\ufeff序号'],
        ['xlsx', 'PK'],
      ] as const) {
        const answer = await fetch(`${stack.url}/api/alarms/journal/export?format=${format}`, {
          headers: { cookie: engineer.cookie },
        });
        expect(
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer()).startsWith(beginning),
        ).toBe(true);
      }
      const definition = '/api/alarms/definitions/demo/booster-1/inlet-pressure/inlet-pressure-low';
      await engineer.request('PUT', definition, { onDelayMs: 7_000, reason: 'less often' });
      await engineer.request('DELETE', `${definition}?reason=back`);
      const backtest = await engineer.request<Backtest>('POST', '/api/backtests', {
        alarms: [noWater],
        changes: [{ onDelayMs: 1_000 }],
        from: Date.now() - 3_600_000,
        to: Date.now(),
        waitMs: 30_000,
      });
      expect(backtest).toMatchObject({ state: 'done' });
      const { items } = await engineer.get<{ items: NotificationDelivery[] }>('/api/notifications/deliveries?limit=2');
      expect(items.map(({ state }) => state)).toEqual(['sent', 'sent']);
    });

    test('a server that is killed goes on with what it had', async () => {
      const before = await alarmOf(fire);
      const times = hook.told.filter((line) => line === `announced ${fire}`).length;
      process.kill(stack.process('server').pid!, 'SIGKILL');
      await eventually(
        async () =>
          expect(await alarmOf(fire)).toMatchObject({ ackedBy: before?.ackedBy, occurrence: before?.occurrence }),
        { what: 'the same alarm' },
      );
      await live();
      expect(hook.told.filter((line) => line === `announced ${fire}`)).toHaveLength(times);
    });
  },
);
