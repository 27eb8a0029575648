import type { Server } from 'node:net';
import { PlantroomError } from '@plantroom/contracts';

export interface ListenOptions {
  host: string;
  port: number;
  /** The environment variable that chooses the port; named in the error. */
  portVariable?: string;
}

/** Listens, or throws PORT_TAKEN naming the port and the variable that moves it. */
export async function listen(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, options));
    server.once('error', failed);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

export function listenError(error: unknown, options: ListenOptions): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const advice =
    options.portVariable === undefined ? 'choose another port' : `set ${options.portVariable} to another port`;
  const what = code === 'EACCES' ? 'may not be opened' : 'is already in use';
  return new PlantroomError('PORT_TAKEN', `port ${options.port} on ${options.host} ${what}; ${advice}`, {
    cause: error,
  });
}
