import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configFiles } from './config-files.ts';
import { ConfigWatch } from './config-watch.ts';

let folder: string;
let clock: VirtualClock;
let watch: ConfigWatch;
let changes: number;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-watch-'));
  mkdirSync(join(folder, 'own', 'profiles', 'acme'), { recursive: true });
  write('gateway.yaml', 'gateway: one');
  write('own/profiles/acme/meter.yaml', 'profile: acme/meter');
  clock = new VirtualClock();
  changes = 0;
  watch = new ConfigWatch({
    look: () => configFiles(join(folder, 'gateway.yaml'), ['own']),
    changed: () => {
      changes++;
    },
    clock,
  });
  watch.start();
});
afterEach(() => {
  watch.stop();
  rmSync(folder, { recursive: true });
});

test('nothing is told while nothing changes, and of a change once', () => {
  clock.advance(10_000);
  expect(changes).toBe(0);
  write('gateway.yaml', 'gateway: number-two');
  clock.advance(10_000);
  expect(changes).toBe(1);
});

test('a file that is still being written is waited for', () => {
  for (const text of ['gateway: numb', 'gateway: number-tw', 'gateway: number-two, and more']) {
    write('gateway.yaml', text);
    clock.advance(2000);
    expect(changes).toBe(0);
  }
  clock.advance(2000);
  expect(changes).toBe(1);
});

test('a file that an editor replaces, a profile and a new class file count too; other files do not', () => {
  write('new', 'gateway: two');
  renameSync(join(folder, 'new'), join(folder, 'gateway.yaml'));
  clock.advance(4000);
  expect(changes).toBe(1);
  write('own/profiles/acme/meter.yaml', 'profile: acme/meter # more');
  clock.advance(4000);
  expect(changes).toBe(2);
  mkdirSync(join(folder, 'own', 'classes'));
  write('own/classes/boiler.yaml', 'class: boiler');
  clock.advance(4000);
  expect(changes).toBe(3);
  write('own/notes.txt', 'nothing');
  clock.advance(4000);
  expect(changes).toBe(3);
});

test('a file that is gone is a change, which the reload then tells; after a stop nothing is told', () => {
  rmSync(join(folder, 'gateway.yaml'));
  clock.advance(4000);
  expect(changes).toBe(1);
  watch.stop();
  write('gateway.yaml', 'gateway: three');
  clock.advance(10_000);
  expect(changes).toBe(1);
});
