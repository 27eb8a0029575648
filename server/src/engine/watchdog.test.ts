import { heartbeatMs } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { laneSource, outboxSource } from '../domain/system-definitions.ts';
import { broker, bus, gateway, panel, signals, WatchBed, zones } from './test-helpers/watch-bed.ts';

const bed = new WatchBed();
const { begin, say, bornPanel, bornMeter, heard, gone, pass, watched, alarm } = bed;

describe('a device that life hangs on', () => {
  test('is one alarm of high priority that nothing hides, at once when it is alone on its connection', async () => {
    await watched();
    gone('panel');
    await pass(5);
    expect(bed.announced).toEqual([panel]);
    expect(alarm(panel)).toMatchObject({ state: 'UNACK', priority: 'high', lifeSafety: true });
    bornPanel();
    await pass(1);
    expect(alarm(panel)?.state).toBe('RTNUN');
    await pass(300);
    expect(bed.announced).toEqual([panel]);
  });

  test('on a connection that is lost with all its devices it is the alarm of the connection alone', async () => {
    bornPanel('bus');
    for (const name of ['meter-1', 'meter-2']) bornMeter(name);
    await pass(10);
    gone('panel');
    await pass(20);
    gone('meter-1');
    await pass(20);
    gone('meter-2');
    await pass(200);
    expect(bed.announced).toEqual([bus]);
    expect(alarm(bus)).toMatchObject({ priority: 'high', lifeSafety: true });
    expect(alarm(panel)?.state).toBe('NORM');
    expect(alarm(`${gateway}/meter-1`)?.state).toBe('DSUPR');
  });

  test('which does not come back with its connection is told when the others have had their time, and since when', async () => {
    bornPanel('bus');
    bornMeter('meter-1');
    await pass(10);
    gone('panel');
    gone('meter-1');
    await pass(30);
    bornMeter('meter-1');
    const backMs = bed.clock.nowMs();
    await pass(59);
    heard('meter-1');
    expect(bed.announced).toEqual([bus]);
    await pass(2);
    expect(bed.announced).toEqual([bus, panel]);
    expect(alarm(panel)).toMatchObject({ onsetMs: backMs, activeMs: backMs + 5_000 });
  });

  test('on a shared connection it waits until another one is heard, at the latest for a minute', async () => {
    bornPanel('bus');
    bornMeter('meter-1');
    await pass(10);
    const goneMs = bed.clock.nowMs();
    gone('panel');
    await pass(6);
    expect(bed.announced).toEqual([]);
    heard('meter-1');
    await pass(1);
    expect(bed.announced).toEqual([panel]);
    expect(alarm(panel)?.onsetMs).toBe(goneMs);
    bornPanel('bus');
    await pass(1);
    gone('panel');
    await pass(59);
    expect(bed.announced).toEqual([panel]);
    await pass(1);
    expect(bed.announced).toEqual([panel, panel]);
  });

  test('one that serves no life-safety point is an ordinary alarm', async () => {
    bornMeter('meter-1');
    gone('meter-1');
    await pass(10);
    expect(alarm(`${gateway}/meter-1`)).toMatchObject({ priority: 'medium', lifeSafety: false });
    expect(alarm(gateway)).toMatchObject({ lifeSafety: false });
  });
});

describe('a gateway that life hangs on', () => {
  test('goes with everything behind it as one alarm; what does not come back with it has one of its own', async () => {
    await watched();
    bed.engine.gatewayOffline(gateway, bed.clock.nowMs());
    await pass(400);
    expect(bed.announced).toEqual([gateway]);
    expect(alarm(gateway)).toMatchObject({ priority: 'high', lifeSafety: true });
    bed.engine.gatewayOnline(gateway, bed.clock.nowMs());
    const backMs = bed.clock.nowMs();
    await pass(59);
    expect(bed.announced).toEqual([gateway]);
    await pass(2);
    expect(bed.announced).toEqual([gateway, panel]);
    expect(alarm(panel)?.onsetMs).toBe(backMs);
  });

  test('that comes back with its devices leaves nothing', async () => {
    await watched();
    bed.engine.gatewayOffline(gateway, bed.clock.nowMs());
    bed.engine.degraded(gateway, ['hq/zone-1/fire', 'hq/zone-2/fire'], 'uncertain', 'stale', bed.clock.nowMs());
    await pass(100);
    bed.engine.gatewayOnline(gateway, bed.clock.nowMs());
    await pass(20);
    bornPanel();
    await pass(200);
    expect(bed.announced).toEqual([gateway]);
  });

  test('that the bed.database knows and that never comes back after a restart is told when the host gives it up', async () => {
    await watched();
    await bed.engine.stop();
    await begin();
    await pass(29);
    expect(bed.announced).toEqual([]);
    bed.engine.gatewayOffline(gateway, bed.clock.nowMs());
    await pass(300);
    expect(bed.announced).toEqual([gateway]);
    expect(alarm(gateway)?.lifeSafety).toBe(true);
  });

  test('that is back after a restart without its panel: the panel is told, though nobody saw it go', async () => {
    await watched();
    await bed.engine.stop();
    await begin();
    await pass(5);
    bed.engine.gatewayOnline(gateway, bed.clock.nowMs());
    await pass(59);
    expect(bed.announced).toEqual([]);
    await pass(2);
    expect(bed.announced).toEqual([panel]);
  });

  test('whose safety lane is behind is an alarm that nothing hides, until the lane is whole again', async () => {
    bornPanel();
    await pass(1);
    const lane = laneSource(gateway);
    bed.engine.system(lane, true);
    await pass(1);
    expect(bed.announced).toEqual([lane]);
    expect(alarm(lane)).toMatchObject({ priority: 'high', lifeSafety: true });
    bed.engine.system(lane, false);
    await pass(1);
    expect(alarm(lane)?.state).toBe('RTNUN');
  });
});

describe('a server without its broker', () => {
  test('is one alarm after half a minute, whatever it would have heard', async () => {
    await watched();
    bed.engine.broker(false);
    await pass(29);
    expect(bed.announced).toEqual([]);
    await pass(2);
    expect(bed.announced).toEqual([broker]);
    await pass(heartbeatMs / 1000 + 120);
    expect(bed.announced).toEqual([broker]);
    bed.engine.broker(true);
    bornPanel();
    await pass(60);
    expect(alarm(broker)).toMatchObject({ state: 'RTNUN', lifeSafety: true });
    expect(bed.announced).toEqual([broker]);
  });

  test('that finds it soon after its own start says nothing', async () => {
    await watched();
    await bed.engine.stop();
    await begin();
    bed.engine.broker(false);
    await pass(20);
    bed.engine.broker(true);
    bed.engine.gatewayOnline(gateway, bed.clock.nowMs());
    bornPanel();
    await pass(200);
    expect(bed.announced).toEqual([]);
  });
});

describe('life-safety signals of a device that is there', () => {
  test('without a usable value for a minute are one alarm of the device that names them', async () => {
    await watched();
    say('bad', ['zone-2']);
    await pass(60);
    expect(bed.announced).toEqual([]);
    await pass(1);
    expect(bed.announced).toEqual([signals]);
    expect(alarm(signals)).toMatchObject({ priority: 'high', lifeSafety: true, onsetValue: 'zone-2/fire' });
    say('bad');
    await pass(100);
    expect(bed.announced).toEqual([signals]);
    say();
    await pass(1);
    expect(alarm(signals)?.state).toBe('RTNUN');
  });

  test('that are soon usable again, or whose device goes, are none', async () => {
    await watched();
    say('bad');
    await pass(50);
    say();
    await pass(30);
    say('bad');
    await pass(10);
    gone('panel');
    await pass(200);
    expect(bed.announced).toEqual([panel]);
  });

  test('that are told no more are noticed a minute after they had to be repeated; a node that does not repeat is believed', async () => {
    await watched();
    say();
    await pass(heartbeatMs / 1000 + 60 + 60);
    expect(bed.announced).toEqual([]);
    await pass(2);
    expect(bed.announced).toEqual([signals]);
    bornPanel('own', null);
    await pass(2_000);
    expect(alarm(signals)?.state).toBe('RTNUN');
    expect(bed.announced).toEqual([signals]);
  });

  test('of a gateway that cannot store are not told one by one: its own alarm says that life is unwatched', async () => {
    await watched();
    bed.engine.system(outboxSource(gateway), true);
    await pass((heartbeatMs + 180_000) / 1000);
    expect(bed.announced).toEqual([outboxSource(gateway)]);
    expect(alarm(outboxSource(gateway))).toMatchObject({ lifeSafety: true, priority: 'high', state: 'UNACK' });
    bed.engine.system(outboxSource(gateway), false);
    say();
    await pass(5);
    expect(bed.announced).toEqual([outboxSource(gateway)]);
  });

  test('late data about them says nothing of the present', async () => {
    bornPanel();
    await pass(100);
    say();
    say('bad', zones, bed.clock.nowMs() - 50_000);
    await pass(100);
    expect(bed.announced).toEqual([]);
  });
});
