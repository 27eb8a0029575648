/**
 * Waits for a state, never for a time: asks again until the answer no longer throws, and returns it. The bound is far beyond what any
 * machine needs and only ends a hopeless wait, with the reason of the last refusal; no test gives a shorter one.
 */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  options: {
    /** What is waited for, told when it does not come. */
    what?: string;
    /** Pause between two questions; 50 ms when left out. */
    everyMs?: number;
  } = {},
): Promise<T> {
  const endMs = performance.now() + hopelessAfterMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > endMs) {
        throw new Error(
          `still not so: ${options.what ?? 'the awaited state'}: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 50));
    }
  }
}

const hopelessAfterMs = 240_000;
