import { expect, test } from 'vitest';
import { stopAll } from './stop-all.ts';

test('parts stop in reverse order, a failure stops nobody else, all failures are told', async () => {
  const stopped: string[] = [];
  const part = (name: string, fails: boolean) => ({
    name,
    stop() {
      stopped.push(name);
      if (fails) throw new Error(`${name} hangs`);
    },
  });
  await expect(stopAll([part('outbox', false), part('uplink', true), part('driver', true)])).rejects.toThrow(
    /driver: driver hangs; uplink: uplink hangs.*STOP_FAILED/,
  );
  expect(stopped).toEqual(['driver', 'uplink', 'outbox']);
});
