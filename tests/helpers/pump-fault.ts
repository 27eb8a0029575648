import type { Alarm, WorkOrder } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { expect } from 'vitest';
import { LiveClient } from './live-client.ts';
import type { RunningStack } from './start-stack.ts';

export const site = 'demo';

/** One equipment of each system, and a point of it that moves or stands at a known value. */
export const witnesses = [
  'demo/elevator-1/position',
  'demo/booster-1/discharge-pressure',
  'demo/meter-incomer/power',
  'demo/fire-panel-1/fire-count',
  'demo/ahu-1/supply-temperature',
  'demo/leak-1/water-leak',
];

/** Every system of the demo building is live: good values, none older than the silence its profile allows. */
export async function awaitAllSystemsLive(live: LiveClient): Promise<void> {
  await eventually(
    () => {
      for (const point of witnesses) expect(live.values.get(point), point).toMatchObject({ quality: 'good' });
    },
    { what: 'all systems live' },
  );
}

export interface PumpFaultOutcome {
  alarm: Alarm;
  order: WorkOrder;
}

/** Fault in → alarm → exactly one work order → live event, without asking again. */
export async function provePumpFault(stack: RunningStack): Promise<PumpFaultOutcome> {
  const live = new LiveClient(stack.url, stack.api.cookie);
  try {
    await live.subscribe({ scope: { kind: 'site', site } });
    await awaitAllSystemsLive(live);
    expect([...live.workOrders.values()]).toEqual([]);

    const fault = await stack.sim<{ id: string }>('POST', '/faults', {
      equipment: 'booster-1',
      fault: 'dry-run',
      severity: 1,
      rampS: 0,
    });
    const alarm = await eventually(
      () => {
        const found = [...live.alarms.values()].find(
          (a) => a.equipment === 'demo/booster-1' && a.flags.active && a.workOrder !== null,
        );
        expect(found).toBeDefined();
        return found!;
      },
      { what: 'an alarm of booster-1 with its order' },
    );
    const order = await eventually(
      () => {
        const found = live.workOrders.get(alarm.workOrder ?? '');
        expect(found).toBeDefined();
        return found!;
      },
      { what: 'the order reaches the screen' },
    );
    expect(order.equipment).toBe('demo/booster-1');
    const ofThisFailure = (await stack.api.workOrders()).filter(
      (o) => o.equipment === order.equipment && o.failureMode === order.failureMode,
    );
    expect(ofThisFailure.map((o) => o.id)).toEqual([order.id]);

    await stack.sim('DELETE', `/faults/${fault.id}`);
    await eventually(() => expect(live.workOrders.get(order.id)?.conditionCleared).toBe(true), {
      what: 'the order says that the condition cleared',
    });
    expect(live.alarms.get(alarm.id)?.state).toBe('RTNUN');
    await stack.api.request('POST', '/api/alarms/ack', { ids: [alarm.id], comment: 'seen on site' });
    await eventually(() => expect(live.alarms.get(alarm.id)?.state).toBe('NORM'), {
      what: 'acknowledged and returned: normal',
    });
    return { alarm, order };
  } finally {
    live.close();
  }
}
