import { readFileSync } from 'node:fs';
import type { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demoBuilding } from '../model/building-spec.ts';
import type { Demo } from './demo.ts';
import { call, demoOnFreePorts, HexClient, newDataDir, tuesdayMs } from './test-helpers/demo-on-free-ports.ts';

/** Voltage L1 of the elevators' meter: unit 1, input registers 0 and 1. */
const askVoltage = '0001 0000 0006 01 04 0000 0002';
const headOfAnswer = '000100000007010404';
/** Same, of the pumps' meter on the same line: unit 2. */
const askOther = '0002 0000 0006 02 04 0000 0002';
const answerBytes = 13;

describe('the demo building on the wire', () => {
  const dataDir = newDataDir();
  let demo: Demo;
  let clock: VirtualClock;
  let client: HexClient;

  beforeEach(async () => {
    ({ demo, clock } = demoOnFreePorts(dataDir.path));
    await demo.start();
    client = new HexClient(demo.ports().meters!);
  });
  afterEach(async () => {
    client.close();
    await demo.stop();
    dataDir.remove();
  });

  async function fault(name: string, severity = 1): Promise<string> {
    const request = { equipment: 'meter-elevators', fault: name, severity };
    const { status, body } = await call<{ id: string }>(demo, 'POST', '/faults', request);
    expect(status).toBe(201);
    return body.id;
  }

  async function requestsOfMeters(): Promise<number> {
    const { body } = await call<{ wires: { meters: { requests: number } } }>(demo, 'GET', '/health');
    return body.wires.meters.requests;
  }

  it('answers with the value that GET /state has', async () => {
    client.send(askVoltage);
    const answer = await client.take(answerBytes);
    expect(answer.slice(0, 18)).toBe(headOfAnswer);
    const { body } = await call<{ equipment: Record<string, Record<string, number>> }>(demo, 'GET', '/state');
    const volts = Buffer.from(answer.slice(18), 'hex').readFloatBE(0);
    expect(volts).toBe(Math.fround(body.equipment['meter-elevators']!['voltage-l1']!));
  });

  it('says nothing for a silent device, while its neighbours answer, until the fault is taken away', async () => {
    const id = await fault('wire-silence');
    client.send(askVoltage);
    client.send(askOther);
    expect((await client.take(answerBytes)).slice(0, 18)).toBe('000200000007020404');
    expect((await call(demo, 'DELETE', `/faults/${id}`)).status).toBe(200);
    client.send(askVoltage);
    expect((await client.take(answerBytes)).slice(0, 18)).toBe(headOfAnswer);
  });

  it('answers late, by half of three seconds at half severity', async () => {
    await fault('wire-slow', 0.5);
    client.send(askVoltage);
    while ((await requestsOfMeters()) < 1);
    clock.advance(1499);
    await requestsOfMeters();
    expect(client.received).toBe('');
    clock.advance(1);
    expect((await client.take(answerBytes)).slice(0, 18)).toBe(headOfAnswer);
  });

  it('answers with what it held when it is stuck, and with what is so afterwards', async () => {
    client.send(askVoltage);
    const held = await client.take(answerBytes);
    const id = await fault('wire-stuck');
    clock.advance(10_000);
    client.send(askVoltage);
    expect(await client.take(answerBytes)).toBe(held);
    await call(demo, 'DELETE', `/faults/${id}`);
    client.send(askVoltage);
    expect(await client.take(answerBytes)).not.toBe(held);
  });

  it('answers with exception 4', async () => {
    await fault('wire-exception');
    client.send(askVoltage);
    expect(await client.take(9)).toBe('000100000003018404');
  });
});

describe('the fire panel of the demo building', () => {
  it('has for each module of the model the zone that the gateway file gives it', () => {
    const file = parse(readFileSync(new URL('../../demo/gateway.yaml', import.meta.url), 'utf8')) as {
      devices: { id: string; serves: { zone?: { equipment: string; parameters: { modules: number[] } }[] } }[];
    };
    const zones = file.devices.find(({ id }) => id === 'notifier-1')!.serves.zone!;
    const given = zones.flatMap(({ equipment, parameters }) =>
      parameters.modules.map((address) => `${address} ${equipment}`),
    );
    const { modules, panel } = demoBuilding([]).fire;
    const modelled = modules.filter(({ of }) => of !== panel).map(({ address, of }) => `${address} ${of}`);
    expect(given.sort()).toEqual(modelled.sort());
  });
});

describe('the demo building after a restart', () => {
  const dataDir = newDataDir();
  afterEach(() => dataDir.remove());

  it('goes on with its energy, its water and its faults', async () => {
    interface State {
      timeMs: number;
      equipment: Record<string, Record<string, number>>;
    }
    const first = demoOnFreePorts(dataDir.path);
    await first.demo.start();
    const request = { equipment: 'booster-1', fault: 'dry-run', severity: 0.5, rampS: 600 };
    const { body: set } = await call<{ id: string }>(first.demo, 'POST', '/faults', request);
    first.clock.advance(120_000);
    const { body: before } = await call<State>(first.demo, 'GET', '/state');
    await first.demo.stop();

    const second = demoOnFreePorts(dataDir.path, tuesdayMs + 120_000);
    await second.demo.start();
    try {
      const { body: after } = await call<State>(second.demo, 'GET', '/state');
      expect(after.timeMs).toBe(before.timeMs);
      for (const [equipment, point] of [
        ['meter-incomer', 'energy-import'],
        ['tank-1', 'level'],
        ['elevator-1', 'run-count'],
      ] as const) {
        const was = before.equipment[equipment]![point]!;
        // Starting makes one step.
        expect(Math.abs(after.equipment[equipment]![point]! - was), `${equipment}/${point}`).toBeLessThan(0.05);
      }
      const { body } = await call<{ active: unknown[] }>(second.demo, 'GET', '/faults');
      expect(body.active).toEqual([{ ...request, id: set.id, sinceMs: tuesdayMs, level: 0.1 }]);
    } finally {
      await second.demo.stop();
    }
  });
});
