import { expect, test } from 'vitest';
import { maskSecrets } from './mask-secrets.ts';

test.each([
  ['token=abc"d+e/f refused', ['abc"d+e/f'], 'token=*** refused'],
  ['/send?key=abc%22d%2Be%2Ff&x=1', ['abc"d+e/f'], '/send?key=***&x=1'],
  ['{"key":"abc\\"d+e/f"}', ['abc"d+e/f'], '{"key":"***"}'],
  ['key=two+words, key=two%20words', ['two words'], 'key=***, key=***'],
  ['secret-2 and secret-22', ['secret-2', 'secret-22'], '*** and ***'],
  ['code 12 refused', ['12'], 'code 12 refused'],
  ['nothing of it', [], 'nothing of it'],
])('%s', (text, secrets, masked) => {
  expect(maskSecrets(text, secrets)).toBe(masked);
});
