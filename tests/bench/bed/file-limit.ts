import { readFileSync } from 'node:fs';

/** Files that one process may open (soft limit; Node raises it to the hard one). */
function mostFiles(): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

/** The fleet holds a listening socket and a connection for each device. Throws with what to do when the system does not allow that. */
export function needFiles(devices: number): void {
  const needed = devices * 2 + 500;
  if (mostFiles() < needed)
    throw new Error(`${devices} devices need ${needed} open files, allowed are ${mostFiles()}: ulimit -n ${needed}`);
}
