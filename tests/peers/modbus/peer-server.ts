import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Another library's Modbus server (unit 1), told over its standard input what to hold and asked what it holds. */
export interface PeerServer {
  set(place: Place, value: string): Promise<void>;
  get(place: Place): Promise<string>;
  stop(): Promise<void>;
}

export interface Place {
  table: 'coil' | 'discrete' | 'holding' | 'input';
  type: string;
  order: string;
  address: number;
}

/** Resolves when it has answered its first command. */
export async function startPeerServer(program: string, args: readonly string[]): Promise<PeerServer> {
  const child = spawn(program, args);
  const said: string[] = [];
  child.stderr.on('data', (data: Buffer) => said.push(data.toString()));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (command: string): Promise<string> => {
    const answer = turn.then(async () => {
      child.stdin.write(`${command}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`the server has ended:\n${said.join('').slice(-2000)}`);
      return String(value);
    });
    turn = answer.catch(() => undefined);
    return answer;
  };
  const words = ({ table, type, order, address }: Place): string => `${table} ${type} ${order} ${address}`;
  await ask('get holding u16 ABCD 0');
  return {
    async set(place, value) {
      const answer = await ask(`set ${words(place)} ${value}`);
      if (answer !== 'ok') throw new Error(`set ${words(place)} ${value}: ${answer}`);
    },
    get: (place) => ask(`get ${words(place)}`),
    stop: () => stop(child),
  };
}

function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.stdin.end();
    const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => clearTimeout(patience));
  });
}
