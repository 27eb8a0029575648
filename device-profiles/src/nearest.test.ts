import { expect, it } from 'vitest';
import { nearest, notAllowed } from './nearest.ts';

it('finds the word that was meant, and none when none is close', () => {
  expect(nearest('voltge', ['voltage', 'current'])).toBe('voltage');
  expect(nearest('pressure', ['voltage', 'current'])).toBeUndefined();
});

it('prints short lists whole', () => {
  expect(notAllowed('modbuss', 'a protocol', ['modbus', 'mqtt'])).toBe(
    '"modbuss" is not a protocol — did you mean "modbus"? Allowed: modbus, mqtt',
  );
  expect(notAllowed(7, 'known', [])).toBe('7 is not known Allowed: none');
});

it('prints of long lists the nearest three, how many there are, and where', () => {
  const names = [
    'acrel/adw300',
    'abb/acs580',
    'eastron/sdm120',
    'eastron/sdm630',
    'eastron/sdm72d-m-v2',
    'keller/35x',
    'shelly/3em',
    'wilo/control',
    'invt/x',
  ];
  expect(notAllowed('eastron/sdm121', 'a profile', names, { listedIn: 'the folder profiles' })).toBe(
    '"eastron/sdm121" is not a profile — did you mean "eastron/sdm120", "eastron/sdm630" or "eastron/sdm72d-m-v2"? Allowed: 9 names, listed in the folder profiles',
  );
});
