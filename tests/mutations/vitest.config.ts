import { join } from 'node:path';
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { mutations } from './mutations.ts';
import { root } from './requirement-table.ts';

/** The tests as always, on code in which one thing is wrong: the mutation whose number is in the environment. */
const mutation = mutations[Number(process.env.PLANTROOM_MUTATION)];
if (mutation === undefined) throw new Error(`PLANTROOM_MUTATION is not a number from 0 to ${mutations.length - 1}`);

export default mergeConfig(base, {
  root,
  plugins: [
    {
      name: 'mutation',
      enforce: 'pre' as const,
      transform(code: string, id: string): string | undefined {
        return id === join(root, mutation.file) ? code.replace(mutation.from, () => mutation.to) : undefined;
      },
    },
  ],
  test: {
    // Else what is broken here would be there in the next run of the tests.
    fsModuleCache: false,
    // What waits for a state that the mutation has taken away has failed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
