import { type Logger, type Problem, ProblemsError, silentLogger, VirtualClock } from '@plantroom/contracts';
import { beforeEach, expect, test } from 'vitest';
import type { LoadedGateway } from '../config/load-config.ts';
import type { PlanDiff } from './diff-plans.ts';
import { Reloader } from './reloader.ts';

const changed: PlanDiff = {
  lines: { kept: ['a'], reopened: ['b'], opened: [], closed: [] },
  devices: { kept: ['m1'], changed: [], added: ['m2', 'm3'], removed: [] },
  settings: [],
};
const problem = (message: string): Problem => ({ source: 'gateway.yaml', path: '/devices/0', line: 7, message });
const loaded = { problems: [] } as unknown as LoadedGateway;

let clock: VirtualClock;
let next: () => LoadedGateway;
let change: () => Promise<PlanDiff>;
let changes: number;
let overloads: Problem[];
let said: string[];
let reloader: Reloader;

beforeEach(() => {
  clock = new VirtualClock();
  next = () => loaded;
  changes = 0;
  change = () => Promise.resolve(changed);
  overloads = [];
  said = [];
  const say = (level: string) => (_: unknown, text?: string) => said.push(`${level} ${text}`);
  reloader = new Reloader({
    loaded,
    load: () => next(),
    overloads: () => overloads,
    change: () => {
      changes++;
      return change();
    },
    clock,
    logger: { ...silentLogger, info: say('info'), error: say('error') } as Logger,
  });
  reloader.start();
});

test('a reload says what it has changed, counts and notes its time', async () => {
  clock.advance(5000);
  await reloader.reload('SIGHUP');
  expect(said).toEqual(['info configuration reloaded: line b reopened; device m2, m3 added']);
  expect(reloader.stats()).toEqual({ applied: 1, refused: 0, appliedMs: clock.nowMs() });
  expect(reloader.health()).toEqual({ configuration: { status: 'ok' } });
});

test('any problem of the files refuses all of it, with one error that names them all; health says so until a reload succeeds', async () => {
  const before = reloader.stats().appliedMs;
  clock.advance(5000);
  next = () => ({ ...loaded, problems: ['one', 'two', 'three', 'four'].map(problem) });
  await reloader.reload('SIGHUP');
  expect(changes).toBe(0);
  expect(said).toHaveLength(1);
  for (const word of ['one', 'two', 'three', 'four']) expect(said[0]).toContain(`gateway.yaml:7 /devices/0: ${word}`);
  expect(said[0]).toMatch(/^error configuration not reloaded, everything runs as before/);
  expect(reloader.stats()).toEqual({ applied: 0, refused: 1, appliedMs: before });
  expect(reloader.health().configuration).toEqual({
    status: 'degraded',
    detail: expect.stringMatching(
      /^reload of 2026-01-01T00:00:05.000Z refused.*: one; .*: two; .*: three; and 1 more$/,
    ),
  });

  next = () => loaded;
  await reloader.reload('SIGHUP');
  expect(reloader.health()).toEqual({ configuration: { status: 'ok' } });
  expect(reloader.stats()).toMatchObject({ applied: 1, refused: 1 });
});

test.each([
  [
    'a file that cannot be used at all',
    () => Promise.resolve(changed),
    new ProblemsError('CONFIG_INVALID', [problem('not valid YAML')]),
  ],
  [
    'what only a restart applies',
    () => Promise.reject(new ProblemsError('RELOAD_NEEDS_RESTART', [problem('is changed')])),
    undefined,
  ],
])('%s is refused', async (_name, answer, thrown) => {
  change = answer;
  if (thrown !== undefined)
    next = () => {
      throw thrown;
    };
  await reloader.reload('SIGHUP');
  expect(reloader.stats()).toMatchObject({ applied: 0, refused: 1 });
  expect(reloader.health().configuration).toMatchObject({ status: 'degraded' });
});

test('a line that cannot keep its plan is told and shows in health, but does not hinder the reload', async () => {
  overloads = [problem('line b needs 140 % of its time')];
  await reloader.reload('SIGHUP');
  expect(reloader.stats().applied).toBe(1);
  expect(said.at(-1)).toContain('line b needs 140 %');
  expect(reloader.health()).toMatchObject({
    'plan /devices/0': { status: 'degraded' },
    configuration: { status: 'ok' },
  });
});

test('what is asked for during a reload is one more reload, however often', async () => {
  let finish: (diff: PlanDiff) => void = () => undefined;
  change = () =>
    new Promise((resolve) => {
      finish = resolve;
    });
  const all = ['first', 'second', 'third'].map((why) => reloader.reload(why));
  expect(changes).toBe(1);
  change = () => Promise.resolve(changed);
  finish(changed);
  await Promise.all(all);
  expect(changes).toBe(2);
  expect(reloader.stats().applied).toBe(2);
});
