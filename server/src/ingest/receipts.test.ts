import { VirtualClock } from '@plantroom/contracts';
import { beforeEach, expect, test } from 'vitest';
import { Receipts } from './receipts.ts';

let clock: VirtualClock;
let receipts: Receipts;
let said: string[];

beforeEach(() => {
  clock = new VirtualClock();
  said = [];
  receipts = new Receipts(clock, (lane, position) => said.push(`${lane} ${position}`));
});

/** A gateway that reports each second what has come. */
const second = (position: number): void => {
  clock.advance(1000);
  receipts.stored('live', position);
  receipts.tick();
};

test('the first position after a birth is told at once, what little comes behind it each three seconds', () => {
  receipts.stored('live', 100);
  expect(said).toEqual(['live 100']);
  for (const position of [110, 120, 130, 140, 150]) second(position);
  expect(said).toEqual(['live 100', 'live 130']);
  receipts.born();
  receipts.stored('live', 150);
  expect(said).toEqual(['live 100', 'live 130', 'live 150']);
});

test('much is told at once, and so is where a gateway that has lost its outbox begins', () => {
  receipts.stored('live', 1000);
  receipts.stored('live', 1499);
  receipts.stored('live', 1500);
  receipts.stored('live', 20);
  expect(said).toEqual(['live 1000', 'live 1500', 'live 20']);
});

test('the safety lane does not wait, and telemetry does not go with it', () => {
  receipts.stored('safety', 1);
  receipts.stored('live', 10);
  receipts.stored('safety', 2);
  receipts.stored('live', 11);
  expect(said).toEqual(['safety 1', 'live 10', 'safety 2']);
});

test('the last position of a gateway that has nothing more to say is told all the same, once', () => {
  receipts.stored('live', 10);
  receipts.stored('live', 12);
  for (let i = 0; i < 10; i++) {
    clock.advance(1000);
    receipts.tick();
  }
  expect(said).toEqual(['live 10', 'live 12']);
});
