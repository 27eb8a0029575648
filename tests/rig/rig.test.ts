import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../helpers/free-ports.ts';
import { lineFaults } from './faults/line-faults.ts';
import { unitFaults } from './faults/unit-faults.ts';
import { evidence, limits } from './report.ts';
import { type RigResult, runRig } from './run-rig.ts';
import { misbehavingAtOnce, rigSpec, smallRig } from './spec.ts';

const periodMs = 1000;

/** On a clock of its own, so that nothing depends on how busy the machine is; the program and the machine's clock are for `npm run rig`. */
describe('the gateway among devices that misbehave, each fault once', () => {
  let folder: string;
  let result: RigResult;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plantroom-rig-'));
    result = await runRig({
      spec: await rigSpec(smallRig, { periodMs, timeoutMs: 500, freePort }),
      virtual: new VirtualClock(),
      seed: 7,
      folder,
      storePort: await freePort(),
      lengths: [2, 12],
      restPolls: 1,
      startMs: 600_000,
      patienceMs: 600_000,
      atOnce: misbehavingAtOnce,
    });
    // Minutes of virtual time with all their wires; only a run that hangs takes as long in real time.
  }, 1_800_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every fault was met', () => {
    const met = new Set(result.injections.filter(({ hits }) => hits > 0).map(({ fault }) => fault));
    const countable = [...unitFaults, ...lineFaults.filter(({ unseen }) => unseen !== true)];
    expect(countable.map(({ name }) => name).filter((name) => !met.has(name))).toEqual([]);
  });

  test('no wrong value was stored', () => {
    expect(result.stored).toBeGreaterThan(0);
    expect(evidence(result)).toBe('');
    expect(result.wrong).toEqual([]);
  });

  test('every device was back within two polls of the end of its fault', () => {
    const late = result.returns.filter(
      ({ afterMs }) => !(afterMs !== undefined && afterMs <= limits.backPolls * periodMs),
    );
    expect(late).toEqual([]);
  });

  test('every device came back, and every point is good at the end', () => {
    const lost = result.injections.filter(({ back }) => back.includes(undefined));
    expect(lost.map(({ fault, line }) => `${line}: ${fault}`)).toEqual([]);
    expect(result.notGood).toEqual([]);
  });

  test('the gateway asked only what its file says, wrote only what can be read, and never crashed', () => {
    expect(result.unreadable).toEqual([]);
    expect(result.crashes).toEqual([]);
  });
});
