import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PumpFaultOutcome, provePumpFault } from '../helpers/pump-fault.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

describe('the whole line with the embedded broker and historian', () => {
  let stack: RunningStack;
  let outcome: PumpFaultOutcome;

  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.destroy());

  test('a pump fault becomes one alarm and one work order on a screen that nobody reloads', async () => {
    outcome = await provePumpFault(stack);
  });

  test('what was stored is still there after everything stopped and started again', async () => {
    const point = 'demo/booster-1/discharge-pressure';
    const before = await stack.api.history(point, 0, Date.now() + 1000);
    expect(before.t.length).toBeGreaterThan(0);
    await stack.stop();
    stack = await startStack({ dataDir: stack.dataDir, ports: stack.ports });
    const orders = await stack.api.workOrders();
    expect(orders.map((order) => order.id)).toContain(outcome.order.id);
    const after = await stack.api.history(point, 0, before.t.at(-1)! + 1);
    expect({ t: after.t, v: after.v }).toEqual({ t: before.t, v: before.v });
  });
});
