import { errorMessage } from '@plantroom/contracts';
import { parseOptions, usage } from './options.ts';
import { runAll } from './run-all.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** 0: everything came out as it was to; 1: something did not; 2: it could not be played as asked. */
async function main(): Promise<number> {
  try {
    return await runAll(parseOptions(process.argv.slice(2)), say);
  } catch (error) {
    say(errorMessage(error));
    say(usage());
    return 2;
  }
}

process.exitCode = await main();
