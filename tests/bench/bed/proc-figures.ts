import { readFileSync } from 'node:fs';

/** Kernel ticks are 10 ms on every Linux that Node runs on (USER_HZ). */
const tickMs = 10;

/** CPU time of a process and its threads since it began, ms: utime and stime of /proc/<pid>/stat. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

export interface Memory {
  /** Resident now, MB (10^6 bytes). */
  rssMb: number;
  peakMb: number;
}

export function memory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6;
  return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

/** Starts a measurement; the returned function ends it and answers the share of one core that each process took. */
export function cpuWindow<Name extends string>(
  pids: Record<Name, number>,
): () => Record<Name, number> & { ms: number } {
  const names = Object.keys(pids) as Name[];
  const beganMs = performance.now();
  const before = names.map((name) => cpuMs(pids[name]));
  return () => {
    const ms = performance.now() - beganMs;
    const shares = Object.fromEntries(
      names.map((name, i) => [name, ((cpuMs(pids[name]) - (before[i] ?? 0)) / ms) * 100]),
    );
    return { ...(shares as Record<Name, number>), ms };
  };
}
