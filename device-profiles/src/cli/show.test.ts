import { expect, test } from 'vitest';
import { showCommand } from './show.ts';

function shown(id: string): string {
  const lines: string[] = [];
  expect(showCommand([id], (line) => lines.push(line))).toBe(0);
  return lines.join('\n');
}

test('the line that a device expects when it comes out of its box is told to the person who wires it', () => {
  expect(shown('abb/acs580')).toContain('delivered with 19200 baud, even parity, 1 stop bit, unit id 1');
  expect(shown('xy/md02')).toContain('delivered with 9600 baud, no parity, 1 stop bit, unit id 1');
});

test('only what the sources give is told', () => {
  expect(shown('danfoss/fc-102-202')).toContain('delivered with even parity, 1 stop bit\n');
  expect(shown('schneider/iem3000')).not.toContain('delivered');
});
