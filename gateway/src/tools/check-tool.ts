import { checkGateway } from '../config/check-report.ts';
import { onlyPositional, parseOptions } from './options.ts';
import { exitCodes, type Tool } from './tool.ts';

export const checkTool: Tool = {
  name: 'check',
  usage: 'FILE.yaml',
  summary: 'validates a gateway file and prints its poll plan with the load of every line',
  help: `Prints every problem of the file with its line, then for each Modbus line the requests that are made, what they cost on the wire
(baud rate, frames, turn-around, gaps), how often each poll class really comes round, and what would help when the line is tight.
Exit code 2 when anything is left out, or when a line cannot keep its plan.`,
  run: (args, io) => {
    const file = onlyPositional('check', parseOptions('check', args, {}), 'FILE.yaml');
    const { text, ok } = checkGateway(file, io.environment.variables);
    io.out(text);
    return Promise.resolve(ok ? exitCodes.done : exitCodes.wrongInput);
  },
};
