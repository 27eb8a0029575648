import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8080';

/** Schemas of the contracts are built by these at module level; a screen uses only their types, so unused calls may go. */
const schemaCalls = ['Type', 'literals', 'Nullable', 'page'];

export default defineConfig({
  base: '/',
  plugins: [react()],
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
