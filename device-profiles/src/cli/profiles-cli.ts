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

export interface ProfilesIo {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/** `npm run profiles`: runs the command, says what came of it, and returns the exit status: 0, or 2 for wrong words and faulty files, or 1. */
export function profilesCli([name, ...words]: readonly string[], { stdout, stderr }: ProfilesIo): number {
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (command === undefined) {
    stderr(name === undefined ? usage : `unknown command "${name}"\n${usage}`);
    return misuse;
  }
  try {
    return command(words, (line) => stdout(`${line}\n`));
  } catch (error) {
    stderr(`${errorMessage(error)}\n`);
    // parseArgs throws TypeErrors of its own for words it does not know.
    const wrongWords = error instanceof PlantroomError || error instanceof TypeError;
    return wrongWords ? misuse : 1;
  }
}
