import { loadavg } from 'node:os';

/** One line of the result. */
export interface Figure {
  name: string;
  measured: number;
  unit: string;
  /** What it must not exceed, or must reach; left out: shown for comparison only. */
  limit?: { at: number; sense: 'at most' | 'at least' };
  /** What the ratio is taken to when there is no limit, or besides it. */
  peer?: { name: string; measured: number };
  note?: string;
}

export function isOver({ measured, limit }: Figure): boolean {
  if (limit === undefined) return false;
  return limit.sense === 'at most' ? measured > limit.at : measured < limit.at;
}

/** `name | measured | limit | ratio | ok or OVER | peer | note` */
export function figureLine(figure: Figure): string {
  const { name, measured, unit, limit, peer, note } = figure;
  const cells = [name.padEnd(46), `${rounded(measured)} ${unit}`.padStart(18)];
  if (limit !== undefined) {
    cells.push(`${limit.sense} ${rounded(limit.at)} ${unit}`, `ratio ${(measured / limit.at).toFixed(2)}`);
    cells.push(isOver(figure) ? 'OVER' : 'ok');
  }
  if (peer !== undefined) {
    const ratio = peer.measured === 0 ? '' : ` (× ${(measured / peer.measured).toFixed(2)})`;
    cells.push(`${peer.name} ${rounded(peer.measured)} ${unit}${ratio}`);
  }
  if (note !== undefined) cells.push(note);
  return cells.join('  ');
}

export function rounded(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: decimals, useGrouping: true });
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Load average over the last minute: with other work on the cores, judge by CPU time, not by what was kept up with. */
export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}
