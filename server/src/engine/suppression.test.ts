import { afterEach, expect, test } from 'vitest';
import { actOnTest, askForTest } from './test-acts.ts';
import { FeederBed } from './test-helpers/feeder-bed.ts';

const grid = { 'f-grid': [], 'f-cars': ['f-grid'], 'car-1': ['f-cars'], 'car-2': ['f-cars'] };
const lost = 'hq/f-grid/dead#lost';
let bed: FeederBed;
const open = async (edges: Record<string, string[]> = grid): Promise<void> => {
  bed = await FeederBed.open(edges);
  await bed.tell({ ...quiet(edges) });
};
const quiet = (edges: Record<string, string[]>): Record<string, boolean> =>
  Object.fromEntries(
    Object.keys(edges).map((name) => [name.startsWith('f') ? `${name}/dead` : `${name}/fault`, false]),
  );

afterEach(() => bed.close());

test('a child that is seen before its cause waits and is suppressed, with its true time; one order, one call', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(15);
  expect(bed.alarmOf('car-1/fault').state).toBe('NORM');
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true });
  await bed.upTo(26);
  expect(await bed.story('car-1/fault')).toEqual(['10 suppressed DSUPR', '13 activated DSUPR']);
  expect(bed.alarmOf('car-1/fault')).toMatchObject({
    onsetMs: bed.startMs + 10_000,
    suppressedBy: [lost],
    firstOut: lost,
  });
  expect(bed.alarmOf('f-cars/dead').suppressedBy).toEqual([lost]);
  expect(bed.announced).toEqual(['f-grid/dead']);
  expect(await bed.orders()).toEqual(['f-grid']);
});

test('a child is announced as soon as its suppressors are known to be well', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(14);
  expect(bed.announced).toEqual([]);
  await bed.tell({ 'f-grid/dead': false, 'f-cars/dead': false });
  await bed.upTo(15);
  expect(bed.announced).toEqual(['car-1/fault']);
  expect(await bed.story('car-1/fault')).toEqual(['13 activated UNACK']);
  expect(await bed.orders()).toEqual(['car-1']);
});

test('a child whose cause is raised and waits for its own does not come to light before that is decided', async () => {
  await open();
  await bed.upTo(10);
  // Of the grid nobody hears: the feeder waits its time for it, and the car's time is over first.
  await bed.tell({ 'f-cars/dead': true, 'car-1/fault': true });
  await bed.upTo(49);
  expect(bed.announced).toEqual([]);
  await bed.upTo(51);
  expect(bed.announced).toEqual(['f-cars/dead']);
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual(['hq/f-cars/dead#lost']);
});

test('of suppressors that say nothing it waits for 30 s and no longer', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(42);
  expect(bed.announced).toEqual([]);
  await bed.upTo(43);
  expect(bed.announced).toEqual(['car-1/fault']);
  expect(await bed.story('car-1/fault')).toEqual(['13 activated UNACK']);
});

test('a child that stood before its cause stays visible, and so does one that has been announced', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true });
  await bed.tell({ 'f-grid/dead': false, 'f-cars/dead': false });
  await bed.upTo(100);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true });
  await bed.upTo(120);
  expect(bed.alarmOf('car-1/fault').state).toBe('UNACK');
  expect(bed.announced).toEqual(['car-1/fault', 'f-grid/dead']);
});

test('what still holds when the settling time is over is announced and gets its order; what has returned is over', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true, 'car-1/fault': true, 'car-2/fault': true });
  await bed.upTo(100);
  await bed.tell({ 'f-grid/dead': false, 'f-cars/dead': false });
  await bed.upTo(120);
  await bed.tell({ 'car-2/fault': false });
  await bed.upTo(158);
  expect(bed.alarmOf('car-1/fault').state).toBe('DSUPR');
  await bed.upTo(162);
  expect(bed.alarmOf('car-1/fault')).toMatchObject({ state: 'UNACK', suppressedBy: [], firstOut: lost });
  expect(bed.alarmOf('car-2/fault').state).toBe('NORM');
  expect(bed.announced).toEqual(['f-grid/dead', 'car-1/fault']);
  expect(await bed.orders()).toEqual(['car-1', 'f-grid']);
});

test('a cause that somebody has acknowledged and that comes back within its settling time still hides what follows from it', async () => {
  await open({ 'f-grid': [], 'car-1': ['f-grid'] });
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'car-1/fault': true });
  await bed.upTo(100);
  await bed.engine.command(({ work }) => {
    const [entry] = bed.engine.book.of('hq/f-grid/dead');
    if (entry !== undefined) work.apply(entry, { type: 'acknowledge', user: 'li', comment: null });
    return Promise.resolve();
  });
  await bed.tell({ 'f-grid/dead': false });
  await bed.upTo(130);
  expect(bed.alarmOf('f-grid/dead').state).toBe('NORM');
  await bed.tell({ 'f-grid/dead': true });
  await bed.upTo(300);
  expect(bed.announced).toEqual(['f-grid/dead', 'f-grid/dead']);
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual([lost]);
});

test('what hangs on a feeder that is supplied otherwise is not hidden by the grid', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true });
  await bed.tell({ 'f-cars/dead': false });
  await bed.upTo(200);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(205);
  await bed.tell({ 'f-cars/dead': false });
  await bed.upTo(206);
  expect(bed.alarmOf('car-1/fault').state).toBe('UNACK');
});

test('what was dead until the generator came and does not recover is announced while the grid is still gone', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true, 'car-1/fault': true });
  await bed.upTo(18);
  await bed.tell({ 'f-cars/dead': false });
  await bed.upTo(70);
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual([lost]);
  await bed.upTo(80);
  expect(bed.alarmOf('car-1/fault').state).toBe('UNACK');
  expect(bed.alarmOf('f-grid/dead').state).toBe('UNACK');
});

test('when the root goes and the middle stays, the middle is shown for what hangs on it', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true, 'car-1/fault': true });
  await bed.upTo(100);
  await bed.tell({ 'f-grid/dead': false });
  await bed.upTo(165);
  expect(bed.alarmOf('f-cars/dead').state).toBe('UNACK');
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual(['hq/f-cars/dead#lost']);
  expect(bed.announced).toEqual(['f-grid/dead', 'f-cars/dead']);
});

test('in a ring of dependencies one alarm stays visible', async () => {
  await open({ 'f-a': ['f-c'], 'f-b': ['f-a'], 'f-c': ['f-b'], 'car-1': ['f-b'] });
  await bed.upTo(10);
  await bed.tell({ 'f-a/dead': true, 'f-b/dead': true, 'f-c/dead': true, 'car-1/fault': true });
  await bed.upTo(60);
  const states = ['f-a', 'f-b', 'f-c'].map((name) => bed.alarmOf(`${name}/dead`).state);
  expect(states).toEqual(['UNACK', 'DSUPR', 'DSUPR']);
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual(['hq/f-a/dead#lost']);
  expect(bed.announced).toEqual(['f-a/dead']);
});

test('a restart in the middle of the wait and of the suppression changes nothing', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(15);
  await bed.restart();
  await bed.connect();
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true, 'car-1/fault': true });
  await bed.upTo(26);
  expect(await bed.story('car-1/fault')).toEqual(['10 suppressed DSUPR', '13 activated DSUPR']);
  await bed.restart();
  await bed.upTo(50);
  expect(bed.alarmOf('car-1/fault').state).toBe('DSUPR');
  await bed.connect();
  await bed.tell({ 'f-grid/dead': false, 'f-cars/dead': false, 'car-1/fault': true });
  await bed.upTo(115);
  expect(bed.announced).toEqual(['f-grid/dead', 'car-1/fault']);
});

test('a child that comes and goes while it waits is told with both times', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true });
  await bed.upTo(20);
  await bed.tell({ 'car-1/fault': false });
  await bed.tell({ 'f-grid/dead': false, 'f-cars/dead': false });
  await bed.upTo(45);
  expect(await bed.story('car-1/fault')).toEqual(['13 activated UNACK', '20 returned RTNUN']);
});

test('life safety waits for nothing and is hidden by nothing', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'car-1/trapped': true });
  expect(bed.announced).toEqual(['car-1/trapped']);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true });
  await bed.upTo(30);
  await bed.tell({ 'car-2/trapped': true });
  expect(bed.alarmOf('car-2/trapped').state).toBe('UNACK');
  expect(bed.announced).toEqual(['car-1/trapped', 'f-grid/dead', 'car-2/trapped']);
});

test('a cause that is out of service suppresses nothing', async () => {
  await open();
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': false });
  await bed.upTo(11);
  await bed.engine.command(({ work }) => {
    const [entry] = bed.engine.book.of('hq/f-grid/dead');
    const removal = { user: 'li', approver: 'chen', workOrder: 'WO-1', reviewMs: work.nowMs + 1e9, reason: 'meter' };
    if (entry !== undefined) work.apply(entry, { type: 'out-of-service', ...removal });
    return Promise.resolve();
  });
  await bed.tell({ 'f-cars/dead': true });
  await bed.upTo(23);
  expect(bed.alarmOf('f-cars/dead').state).toBe('UNACK');
});

test('a cause that is a test suppresses nothing', async () => {
  await open();
  await bed.engine.command((context) => {
    const asked = { equipment: ['hq/f-grid'], reason: 'relay test', untilMs: context.work.nowMs + 3_600_000 };
    return askForTest(bed.engine, context, { asked, site: 'hq', user: 'li', act: null });
  });
  const [before] = bed.engine.tests.open();
  await bed.engine.command((context) =>
    actOnTest(bed.engine, context, { before: before!, act: { type: 'approve' }, user: 'chen' }),
  );
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true });
  await bed.upTo(23);
  expect(bed.alarmOf('f-grid/dead').testMode).toBe('test-1');
  expect(bed.announced).toEqual(['f-cars/dead']);
});

test('late data that tells of a child whose cause is over is told to the child, not hidden', async () => {
  await open();
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true });
  await bed.upTo(40);
  await bed.tell({ 'f-grid/dead': false, 'f-cars/dead': false, 'car-1/fault': true });
  await bed.upTo(50);
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual([lost]);
  await bed.tell({ 'car-1/fault': true }, 20);
  await bed.upTo(110);
  expect(bed.alarmOf('car-1/fault').state).toBe('UNACK');
});

test('a site takes a group away: each feeder is announced by itself, and its cars follow from it', async () => {
  await open();
  bed.engine.settings.setGroups({ add: new Map(), removed: new Set([lost]) });
  bed.engine.defineEquipment('hq/f-grid');
  await bed.upTo(10);
  await bed.tell({ 'f-grid/dead': true, 'f-cars/dead': true, 'car-1/fault': true });
  await bed.upTo(25);
  expect([...bed.announced].sort()).toEqual(['f-cars/dead', 'f-grid/dead']);
  expect(bed.alarmOf('car-1/fault').suppressedBy).toEqual(['hq/f-cars/dead#lost']);
});

test('a site adds a group: a fault of one car then suppresses nothing but what it names', async () => {
  await open({ 'car-1': [], 'car-2': ['car-1'] });
  const group = { over: ['dependants' as const], alarms: { rules: ['fault'] }, settleMs: 0 };
  bed.engine.settings.setGroups({ add: new Map([['hq/car-1/fault#fault', [group]]]), removed: new Set() });
  bed.engine.defineEquipment('hq/car-1');
  await bed.upTo(10);
  await bed.tell({ 'car-1/fault': true, 'car-2/fault': true });
  await bed.upTo(14);
  expect(bed.alarmOf('car-2/fault').suppressedBy).toEqual(['hq/car-1/fault#fault']);
  expect(bed.announced).toEqual(['car-1/fault']);
});
