/** Waits for a state, never for a time: asks again until the answer is there; the bound only ends a hopeless wait, with the last reason. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  options: { withinMs?: number; what?: string } = {},
): Promise<T> {
  const endMs = performance.now() + (options.withinMs ?? 30_000);
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
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
