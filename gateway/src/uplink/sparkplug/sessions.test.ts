import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { openMemoryOutbox } from '../../outbox/memory-outbox.ts';
import { Pipeline } from '../../pipeline/pipeline.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { PointHistory } from './former-points.ts';
import { decodePayload, toNumber } from './payload.ts';
import { Sessions } from './sessions.ts';

const level = testBinding('level', { equipment: 'tank-1', class: 'tank' });
const smoke = testBinding('smoke', { equipment: 'zone-1', class: 'fire-zone', kind: 'boolean', lane: 'safety' });
/** Three slices. */
const backlog = 25_000;

test('a safety reading of a new point does not wait for the backlog of a device that was taken out, and nothing of that is lost', async () => {
  const clock = new VirtualClock();
  const outbox = openMemoryOutbox({ uplinks: ['sparkplug'], clock, logger: silentLogger });
  const before = pointTable('tower', [testDevice('tank', [level])]);
  const after = pointTable('tower', [testDevice('panel', [smoke])], [], { former: before });
  const pipeline = new Pipeline({ table: before, outbox, clock, logger: silentLogger });
  const readings = Array.from(
    { length: backlog },
    (_, i): Reading => ({
      point: 'tower/tank-1/level',
      value: i,
      quality: 'good',
      wireTimeMs: clock.nowMs() - backlog + i,
    }),
  );
  for (let at = 0; at < backlog; at += 5000) outbox.append('live', readings.slice(at, at + 5000));

  const history = new PointHistory(before);
  const levelAlias = before.byId.get('tower/tank-1/level')!.alias;
  const smokeAlias = after.byId.get('tower/zone-1/smoke')!.alias;
  const levels: number[] = [];
  let levelsBeforeSmoke = -1;
  const types: string[] = [];
  const sessions: Sessions = new Sessions(
    {
      uplink: 'sparkplug',
      group: 'tower',
      node: 'edge-1',
      bdSeq: 0,
      history,
      pipeline,
      outbox,
      clock,
      publish: (topic, payload) => {
        types.push(topic.split('/').slice(2).join(' '));
        for (const { alias, value } of decodePayload(payload).metrics ?? []) {
          if (alias === undefined || alias === null || !topic.includes('/DDATA/')) continue;
          if (toNumber(alias) === levelAlias) levels.push(toNumber(value));
          if (toNumber(alias) === smokeAlias) levelsBeforeSmoke = levels.length;
        }
        if (levels.length === 500) reload();
        return Promise.resolve();
      },
      onSent: () => undefined,
    },
    { hostConfirms: false, outcomes: [] },
  );
  const reload = (): void => {
    if (history.table === after) return;
    pipeline.change(after);
    history.change(after, { safety: outbox.position('safety'), live: outbox.position('live') });
    sessions.change();
    pipeline.raw('panel', smoke, { payload: true }, clock.nowMs());
    pipeline.settled('panel', clock.nowMs());
    // As long as the outbox rests between two appends.
    clock.advance(1000);
    void sessions.pump({ progress: false });
  };
  await sessions.pump({ progress: false });

  // The slice that was under way, not the two behind it.
  expect(levelsBeforeSmoke).toBe(10_000);
  expect(levels).toEqual(readings.map(({ value }) => value));
  expect(types.filter((type) => type.startsWith('NBIRTH'))).toHaveLength(3);
  expect(types.lastIndexOf('DDEATH edge-1 tank')).toBeLessThan(types.lastIndexOf('NBIRTH edge-1'));
  expect(outbox.committed('sparkplug', 'live')).toBe(backlog);
});
