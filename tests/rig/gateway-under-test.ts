import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../../scripts/stack/managed-process.ts';
import { gatewayProgram } from '../../scripts/stack/processes.ts';

export interface GatewayUnderTest {
  /** Each end of the process that nobody asked for. */
  readonly crashes: string[];
  stop(): Promise<void>;
}

/** The real program, as a process of its own, with an outbox on disk; its log goes to `gateway.log` in the folder. */
export async function startGateway(folder: string, file: string): Promise<GatewayUnderTest> {
  const log = createWriteStream(join(folder, 'gateway.log'));
  const crashes: string[] = [];
  const lines: string[] = [];
  const process = new ManagedProcess(
    {
      name: 'gateway',
      command: [gatewayProgram.module, '--config', file],
      nodeOptions: gatewayProgram.nodeOptions,
      environment: { PLANTROOM_DATA_DIR: folder, PLANTROOM_LOG_LEVEL: 'info' },
    },
    {
      line: (_name, _stream, line) => {
        log.write(`${line}\n`);
        if (lines.push(line) > 20) lines.shift();
      },
      exited: (_name, code) => crashes.push(`the gateway ended with ${code}:\n${lines.join('\n')}`),
    },
  );
  if ((await process.start()) === undefined) throw new Error(`the gateway did not start:\n${lines.join('\n')}`);
  return {
    crashes,
    async stop() {
      await process.stop();
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}
