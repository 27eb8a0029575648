import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flow, flowBirth, HostBed, t } from './test-helpers/host-bed.ts';
import type { UMetric } from './test-helpers/sparkplug-b.ts';

/** What a gateway of ours says of its live lane. */
const progress = (position: number, count: number, replayed = 0): UMetric[] => [
  { name: 'Plantroom/Watermark', type: 'DateTime', value: t, timestamp: t },
  { name: 'Plantroom/Position/live', type: 'UInt64', value: position, timestamp: t },
  { name: 'Plantroom/Count/live', type: 'UInt64', value: count, timestamp: t },
  { name: 'Plantroom/Replayed/live', type: 'UInt64', value: replayed, timestamp: t },
];

describe('what a gateway has sent and the host has stored', () => {
  let bed: HostBed;
  const born = async (position: number): Promise<void> => {
    await bed.node.nodeBirth(progress(position, 0));
    await bed.node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
  };
  const data = (...values: number[]): Promise<void> =>
    bed.node.publish(
      'DDATA',
      'drive-1',
      values.map((value) => flow(value, t + value * 1000)),
    );
  /** What the network loses: its number in the sequence is taken, and it never arrives. */
  const lost = (): void => void bed.node.nextSeq();
  const told = (...metrics: Parameters<typeof progress>): Promise<void> =>
    bed.node.publish('NDATA', undefined, progress(...metrics));
  const passedOn = (): string[] => bed.sink.lines.flatMap((line) => /flow (\d+) good/.exec(line)?.[1] ?? []);
  const said = (): string[] => bed.node.positions.map(({ text }) => text);

  beforeEach(async () => {
    bed = await new HostBed().open();
    await bed.start();
  });
  afterEach(() => bed.close());

  test('what a gateway says of its outbox is passed on, from births and data, and no reason to ask for a rebirth', async () => {
    const metric = (value: string): UMetric => ({ name: 'Plantroom/Outbox', type: 'String', value, timestamp: t });
    await bed.node.nodeBirth([...progress(100, 0), metric('one')]);
    await bed.node.publish('NDATA', undefined, [...progress(100, 0), metric('two')]);
    await bed.node.publish('NDATA', undefined, [metric('three')]);
    await eventually(() => expect(bed.outboxes).toEqual(['one', 'two', 'three'].map((text) => `hq/edge-1 ${text}`)));
    expect(bed.host.stats()).toMatchObject({ rebirthsRequested: 0, malformed: 0 });
  });

  test('a report that agrees vouches for everything before it, and the gateway hears so once that is stored', async () => {
    await born(100);
    await data(6, 7);
    await told(102, 2);
    await bed.sink.saw('complete hq/edge-1 live 102');
    expect(bed.node.positions).toEqual([]);
    bed.host.stored('hq/edge-1', 'live', 102);
    await bed.node.until(() => bed.node.positions.length > 0);
    expect(said()).toEqual(['Stored To live 102']);
    // An idle gateway goes on reporting each second; that is no news.
    await told(102, 2);
    await data(8);
    await told(103, 3);
    await bed.sink.saw('complete hq/edge-1 live 103');
    expect(bed.sink.lines.filter((line) => line.startsWith('complete'))).toHaveLength(2);
  });

  test('what is missing is sent again from where all was there; each reading is passed on once, nothing is vouched for before', async () => {
    await born(100);
    await data(6);
    await told(101, 1);
    await bed.sink.saw('complete hq/edge-1 live 101');
    await data(7);
    lost();
    await data(9);
    await told(104, 4);
    await eventually(() => expect(bed.host.stats().messages).toBe(7));
    bed.clock.advance(1_000);
    await bed.node.until(() => said().length > 0);
    expect(said()).toEqual(['Replay From live 101']);
    // The gateway has not read that yet, and what it sends meanwhile is whole.
    await data(10);
    await told(105, 5);
    const { request } = bed.node.positions[0]!;
    await data(7, 8, 9, 10);
    await data(11);
    await told(106, 10, request);
    await bed.sink.saw('complete hq/edge-1 live 106');
    expect(bed.sink.lines.filter((line) => line.startsWith('complete'))).toEqual([
      'complete hq/edge-1 live 101',
      'complete hq/edge-1 live 106',
    ]);
    expect(passedOn()).toEqual(['5', '6', '7', '9', '10', '11', '8']);
    expect(bed.sink.lines.find((line) => line.includes('flow 8'))).toMatch(/^late /);
    expect(bed.host.stats()).toMatchObject({ replaysRequested: 1, duplicates: 3 });
  });

  test('late readings are passed on in order once none of them is missing', async () => {
    await born(100);
    const late = (...values: number[]): Promise<void> =>
      bed.node.publish(
        'DDATA',
        'drive-1',
        values.map((value) => flow(value, t - 100_000 + value * 1000, { isHistorical: true })),
      );
    await data(50);
    await late(7);
    lost();
    await late(9);
    await told(104, 4);
    await eventually(() => expect(bed.host.stats().messages).toBe(6));
    bed.clock.advance(1_000);
    await bed.node.until(() => said().length > 0);
    expect(passedOn()).toEqual(['5', '50']);
    await late(7, 8, 9);
    await told(104, 7, bed.node.positions[0]!.request);
    await bed.sink.saw('complete hq/edge-1 live 104');
    expect(passedOn()).toEqual(['5', '50', '7', '8', '9']);
  });

  test('the watermark of a report that does not agree counts for nothing: what is missing lies before it', async () => {
    const watermarks = (): string[] => bed.sink.lines.filter((line) => line.startsWith('watermark'));
    const at = (position: number, count: number, watermarkMs: number, replayed = 0): Promise<void> =>
      bed.node.publish('NDATA', undefined, [
        { name: 'Plantroom/Watermark', type: 'DateTime', value: watermarkMs, timestamp: t },
        ...progress(position, count, replayed).slice(1),
      ]);
    await born(0);
    await data(6);
    await at(1, 1, t + 7_000);
    await bed.sink.saw('complete hq/edge-1 live 1');
    lost();
    await at(2, 2, t + 8_000);
    await eventually(() => expect(bed.host.stats().messages).toBe(5));
    bed.clock.advance(1_000);
    await bed.node.until(() => said().length === 1);
    await data(7);
    await at(2, 3, t + 9_000, bed.node.positions[0]!.request);
    await bed.sink.saw('complete hq/edge-1 live 2');
    expect(watermarks()).toEqual([
      `watermark hq/edge-1 @${t}`,
      `watermark hq/edge-1 @${t + 7_000}`,
      `watermark hq/edge-1 @${t + 9_000}`,
    ]);
  });

  test('a request that was not obeyed is repeated after ten seconds', async () => {
    await born(0);
    await told(3, 3);
    await bed.node.until(() => said().length === 1);
    await told(3, 3);
    bed.clock.advance(10_000);
    await told(3, 3);
    await bed.node.until(() => said().length === 2);
    expect(said()).toEqual(['Replay From live 0', 'Replay From live 0']);
    await data(6, 7, 8);
    await told(3, 6, bed.node.positions[1]!.request);
    await bed.sink.saw('complete hq/edge-1 live 3');
  });

  test('a gateway that comes back behind what has arrived has to go back, one that comes back before it goes on', async () => {
    await born(0);
    await data(6);
    await told(1, 1);
    await bed.sink.saw('complete hq/edge-1 live 1');
    await born(3);
    await bed.node.until(() => said().length === 1);
    expect(said()).toEqual(['Replay From live 1']);
    await data(7, 8);
    await told(3, 2, bed.node.positions[0]!.request);
    await bed.sink.saw('complete hq/edge-1 live 3');
    // Killed before it had written down what it heard: all of it comes again, none of it is news.
    await born(0);
    await data(6, 7, 8, 9);
    await told(4, 4);
    await bed.sink.saw('complete hq/edge-1 live 4');
    expect(passedOn()).toEqual(['5', '6', '7', '8', '9']);
    expect(said()).toEqual(['Replay From live 1']);
  });
});
