import { type Clock, type CurrentValue, errorMessage } from '@plantroom/contracts';
import { pause } from './perform.ts';

export interface Patience {
  clock: Clock;
  withinMs: number;
}

const askEveryMs = 250;

/** Waits for a state. Rejects with what did not come, and why the last question failed, if it did. */
export async function wait(
  { clock, withinMs }: Patience,
  ask: () => Promise<boolean> | boolean,
  what: string,
): Promise<void> {
  const endMs = clock.monotonicMs() + withinMs;
  for (;;) {
    let why = '';
    try {
      if (await ask()) return;
    } catch (error) {
      why = `: ${errorMessage(error)}`;
    }
    if (clock.monotonicMs() > endMs) throw new Error(`still not so after ${withinMs / 1000} s: ${what}${why}`);
    await pause(clock, askEveryMs);
  }
}

/** Both uplinks have passed on everything that the gateway has appended. */
export async function allTaken(metricsUrl: string): Promise<boolean> {
  const page = await (await fetch(`${metricsUrl}/metrics`)).text();
  const pending = page.split('\n').filter((line) => /^plantroom_gateway_outbox_readings\{.*what="pending"/.test(line));
  return pending.length > 0 && pending.every((line) => line.endsWith(' 0'));
}

/** Values that are not the wanted ones, or not good. */
export function currentDiffers(values: readonly CurrentValue[], wanted: ReadonlyMap<string, number>): string[] {
  const held = new Map(values.map((value) => [value.point.split('/')[2] ?? '', value]));
  return [...wanted].flatMap(([name, value]) => {
    const current = held.get(name);
    if (current?.value === value && current.quality === 'good') return [];
    return [`${name}: ${current?.value} ${current?.quality} in place of ${value} good`];
  });
}
