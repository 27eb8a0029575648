import type { Command, PointWithValue } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

const setpoint = 'demo/ahu-1/supply-setpoint';

describe('a writable point from the API to the register and back', () => {
  let stack: RunningStack;
  const set = (point: string, value: number, key?: string) =>
    stack.api.request<Command>('POST', '/api/points/commands', {
      point,
      value,
      ...(key === undefined ? {} : { key }),
    });
  const commands = async (point: string) =>
    (await stack.api.get<{ items: Command[] }>(`/api/points/commands?point=${point}`)).items;
  const held = async () =>
    (await stack.sim<{ equipment: Record<string, Record<string, number>> }>('GET', '/state')).equipment['ahu-1']?.[
      'supply-setpoint'
    ];

  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.destroy());

  test('the device takes it, it is read back and verified, and the same key is the same command', async () => {
    await eventually(
      async () => {
        const points = (await stack.api.get<{ items: PointWithValue[] }>('/api/points?equipment=demo/ahu-1')).items;
        expect(points.find(({ id }) => id === setpoint)).toMatchObject({
          quality: 'good',
          write: { min: 12, max: 30, values: null },
        });
      },
      { what: 'the air unit is live and says what may be set' },
    );
    const sent = await set(setpoint, 18.5, 'first');
    expect(sent).toMatchObject({ state: 'sent', user: 'admin' });
    await eventually(
      async () => {
        const [command] = await commands(setpoint);
        expect(command).toMatchObject({ id: sent.id, state: 'verified', readBack: 18.5 });
      },
      { what: 'verified' },
    );
    expect(await held()).toBe(18.5);
    expect((await set(setpoint, 18.5, 'first')).id).toBe(sent.id);
    expect(await commands(setpoint)).toHaveLength(1);
  });

  test('what may not be set is refused in words, audited, and never sent', async () => {
    for (const [point, value, code] of [
      [setpoint, 45, 'COMMAND_VALUE'],
      ['demo/ahu-1/supply-temperature', 20, 'COMMAND_NOT_WRITABLE'],
      ['demo/elevator-1/position', 1, 'COMMAND_READ_ONLY'],
      ['demo/fire-panel-1/fire-count', 0, 'COMMAND_READ_ONLY'],
    ] as const) {
      await expect(set(point, value)).rejects.toThrow(code);
      const audit = await stack.api.get<{ items: { action: string }[] }>(`/api/audit?subject=${point}`);
      expect(audit.items[0]?.action, point).toBe('command.refused');
    }
    expect(await held()).toBe(18.5);
  });
});
