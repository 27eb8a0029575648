import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { checkCommand } from './check.ts';
import { listCommand } from './list.ts';
import { newCommand } from './new.ts';
import { showCommand } from './show.ts';

const usage = `usage: npm run profiles -- COMMAND
  list [TEXT] [--vendor V] [--class C] [--certainty A|A*|B] [--catalog FOLDER]...   the profiles
  show VENDOR/MODEL [--catalog FOLDER]...                                           its points
  new VENDOR/MODEL --class CLASS [--protocol modbus|mqtt] [--folder FOLDER]         a profile and a vector to fill in
  check [FOLDER...]                                                                 all faults of all files together
`;

/** What cannot be mended by trying again: wrong words, faulty files. */
const misuse = 2;

const commands: Record<string, (words: string[], say: (line: string) => void) => number> = {
  list: listCommand,
  show: showCommand,
  new: newCommand,
  check: checkCommand,
};

function main([name, ...words]: string[]): number {
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (command) return command(words, (line) => process.stdout.write(`${line}\n`));
  process.stderr.write(name === undefined ? usage : `unknown command "${name}"\n${usage}`);
  return misuse;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  // parseArgs throws TypeErrors of its own for words it does not know.
  const wrongWords = error instanceof PlantroomError || error instanceof TypeError;
  process.exitCode = wrongWords ? misuse : 1;
}
