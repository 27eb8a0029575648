import { nodeMetrics, parseSparkplugTopic, type Reading } from '@plantroom/contracts';
import { beforeEach, expect, test } from 'vitest';
import type { StoredLane } from '../../outbox/outbox.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { type SessionBed, testSession } from '../../test-helpers/session.ts';
import { decodePayload, toNumber } from './payload.ts';

const smoke = testBinding('smoke', { equipment: 'zone-1', kind: 'boolean', lane: 'safety' });
const table = pointTable('tower', [testDevice('drive', [testBinding('flow'), smoke])]);

let clock: SessionBed['clock'];
let outbox: SessionBed['outbox'];
let session: SessionBed['session'];
/** What was published: type and readings, or for a report the count of the live lane. */
let said: string[];
let onSaid: (type: string) => void;

const append = (lane: StoredLane, ...values: number[]): void => {
  const readings = values.map(
    (value): Reading => ({
      point: lane === 'safety' ? 'tower/zone-1/smoke' : 'tower/pump-1/flow',
      value: lane === 'safety' ? value === 1 : value,
      quality: 'good',
      wireTimeMs: clock.nowMs() + value,
    }),
  );
  outbox.append(lane, readings);
};

beforeEach(() => {
  said = [];
  onSaid = () => undefined;
  ({ clock, outbox, session } = testSession(table, (topic, payload) => {
    const { type } = parseSparkplugTopic(topic);
    const { metrics = [] } = decodePayload(payload);
    const count = metrics?.find(({ name }) => name === nodeMetrics.countOf('live'))?.value;
    if (type === 'DDATA') said.push(`data ${metrics?.map(({ value }) => value).join(' ')}`);
    if (type === 'NDATA') said.push(`report ${toNumber(count)}`);
    onSaid(type);
  }));
});

test('polls that end while another one is sent are told of together, with the next report', async () => {
  await session.pump({ progress: false });
  let more = [2, 3];
  onSaid = (type) => {
    const [next, ...rest] = more;
    if (type !== 'DDATA' || next === undefined) return;
    more = rest;
    append('live', next);
  };
  append('live', 1);
  await session.pump({ progress: false });
  expect(said).toEqual(['data 1', 'data 2', 'data 3']);
  await session.pump({ progress: true });
  expect(said.slice(3)).toEqual(['report 3']);
});

test('a report that is asked for comes behind all there is to send, and once', async () => {
  await session.pump({ progress: false });
  append('safety', 1);
  append('live', 1, 2);
  await session.pump({ progress: true });
  expect(said).toEqual(['data true', 'report 0', 'data 1 2', 'report 2']);
});

test('history is told of before anything is sent behind it', async () => {
  append('live', 1, 2);
  onSaid = (type) => {
    if (type === 'DBIRTH') append('live', 3);
  };
  await session.pump({ progress: false });
  expect(said).toEqual(['data 1 2', 'report 2', 'data 3']);
});

test('what comes while the host is told does not wait for the next report', async () => {
  await session.pump({ progress: false });
  let pumped: Promise<void> | undefined;
  onSaid = (type) => {
    if (type !== 'NDATA' || pumped !== undefined) return;
    append('safety', 1);
    pumped = session.pump({ progress: false });
  };
  await session.pump({ progress: true });
  await pumped;
  expect(said).toEqual(['report 0', 'data true', 'report 0']);
});
