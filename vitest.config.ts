import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{contracts,device-profiles,gateway,server,simulators,dashboard}/**/*.test.{ts,tsx}',
      'tests/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', 'tests/browser/**'],
    // These end what hangs; a slow machine must not reach them (each wait of `eventually` gives up first, with its reason).
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // One more than the processors of a small machine: tests of disks, devices and processes wait most of the time.
    maxWorkers: 3,
    // One worker runs many files with one copy of the modules: loading them anew for each took a quarter of the whole run.
    isolate: false,
  },
});
