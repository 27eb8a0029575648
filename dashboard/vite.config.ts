import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = 'http://127.0.0.1:8080';

/** Schemas of the contracts are built by these at module level; a screen uses only their types, so unused calls may go. */
const schemaCalls = ['Type', 'literals', 'Nullable', 'page'];

/** Lays a .gz beside each text file, once at build time: the server sends it as it is. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const name of globSync('**/*.{js,css,html,svg}', { cwd: dir })) {
        const file = join(dir, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: '/',
  plugins: [react(), compressed()],
  server: {
    proxy: { '/api': { target: server, ws: true }, '/metrics': server },
  },
  build: {
    target: 'es2022',
    rolldownOptions: {
      treeshake: {
        manualPureFunctions: schemaCalls,
        // Neither package says so itself; without it the charts of Tremor (recharts) would come along with a card.
        moduleSideEffects: [{ test: /node_modules\/(@tremor|recharts|typebox)\//, sideEffects: false }],
      },
    },
  },
});
