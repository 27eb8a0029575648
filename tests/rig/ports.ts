import { createServer } from 'node:net';

/** Below the kernel's ephemeral range and above the test workers' stretches, so that no test takes a port while its line is closed. */
const first = 31_500;
const stretch = 40;
const stretches = 30;

/** Ports of this process: another rig that runs beside it has others, most likely. */
export function portsOf(pid: number): () => Promise<number> {
  let next = first + (pid % stretches) * stretch;
  return async () => {
    while (!(await isFree(next))) next += 1;
    return next++;
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
