import { type ByteOrder, byteOrders } from '@plantroom/device-profiles';
import { describe, expect, test } from 'vitest';
import { guessTypes } from './guess.ts';

/** Big-endian IEEE 754 of 230.5, 229.25, 50.0625, 12.75 and 2730.5, bytes A to D. */
const floats = [
  [0x43, 0x66, 0x80, 0x00],
  [0x43, 0x65, 0x40, 0x00],
  [0x42, 0x48, 0x40, 0x00],
  [0x41, 0x4c, 0x00, 0x00],
  [0x45, 0x2a, 0xa8, 0x00],
];

function laid(order: ByteOrder): Map<number, number> {
  const words = new Map<number, number>();
  for (const [i, bytes] of floats.entries()) {
    const [w, x, y, z] = [...order].map((letter) => bytes['ABCD'.indexOf(letter)]!);
    words.set(2 * i, (w! << 8) | x!);
    words.set(2 * i + 1, (y! << 8) | z!);
  }
  return words;
}

describe('guess of types and word order', () => {
  test.each([...byteOrders])('floats in %s are found in that order', (order) => {
    const { guesses, orders } = guessTypes([laid(order)]);
    expect(orders[0]).toEqual({ order, plausible: 5 });
    expect(guesses.map(({ address, type, value }) => [address, type, value])).toEqual([
      [0, 'f32', 230.5],
      [2, 'f32', 229.25],
      [4, 'f32', 50.0625],
      [6, 'f32', 12.75],
      [8, 'f32', 2730.5],
    ]);
  });

  test('small integers stay integers, a negative one is signed, a counter of two words grows', () => {
    const at = (low: number) =>
      new Map([
        [0, 2301],
        [1, 0xfff6],
        [10, 1],
        [11, low],
      ]);
    const { guesses } = guessTypes([at(500), at(501), at(503)]);
    expect(guesses.map(({ address, type, value }) => [address, type, value])).toEqual([
      [0, 'u16', 2301],
      [1, 's16', -10],
      [10, 'u32', 65_536 + 503],
    ]);
    expect(guesses[0]?.reasons).toEqual(['like a voltage: 230.1 V with scale 0.1']);
    expect(guesses[2]?.reasons).toEqual(['only grows: a counter']);
  });

  test('a name is a text', () => {
    const words = new Map(
      [...'EM24-DIN'].flatMap((_, i, all) =>
        i % 2 === 0 ? [[i / 2, (all[i]!.charCodeAt(0) << 8) | all[i + 1]!.charCodeAt(0)] as const] : [],
      ),
    );
    expect(guessTypes([words]).guesses.map(({ type, value }) => [type, value])).toEqual([['string', 'EM24-DIN']]);
  });
});
