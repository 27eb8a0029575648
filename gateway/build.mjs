import { build } from 'rolldown';

/**
 * The gateway in one file, with its packages: six hundred modules loaded one by one, and the TypeScript stripper, take 50 MB of the memory of
 * an edge computer and half a second of each start. Not minified, so that a stack trace can be read.
 */
await build({
  cwd: import.meta.dirname,
  input: 'src/main.ts',
  platform: 'node',
  // Has a native addon.
  external: ['serialport'],
  plugins: [{ name: 'ascii', generateBundle: (_, bundle) => Object.values(bundle).forEach(inAscii) }],
  output: { dir: 'dist', format: 'esm', cleanDir: true },
});

/** With one character beyond Latin-1, V8 keeps a whole source with two bytes a character. */
function inAscii(chunk) {
  if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\t\n\r -~]/g, escaped);
}

function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
