import { type Clock, type PointValue, type Quality, type QualityReason, unit } from '@plantroom/contracts';
import type { PointBinding, RawValue } from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../../config/gateway-config.ts';
import { textTable } from '../../config/text-table.ts';
import type { DriverSink, ReadFailure } from '../../drivers/driver.ts';

interface Live {
  device: DeviceRuntime;
  binding: PointBinding;
  value: PointValue;
  quality: Quality | undefined;
  reason: QualityReason | undefined;
  raw: string;
  /** UTC ms at the wire; undefined: nothing came yet. */
  atMs: number | undefined;
  retained: boolean;
  failure: string | undefined;
}

/** What came last for every point: the sink of drivers that feed no pipeline. */
export class LiveTable implements DriverSink {
  readonly #rows = new Map<PointBinding, Live>();
  readonly #gone = new Set<string>();

  constructor(devices: readonly DeviceRuntime[]) {
    for (const device of devices)
      for (const binding of device.bindings)
        this.#rows.set(binding, {
          device,
          binding,
          value: null,
          quality: undefined,
          reason: undefined,
          raw: '',
          atMs: undefined,
          retained: false,
          failure: undefined,
        });
  }

  /** Every point has a value or a failure. */
  get complete(): boolean {
    return [...this.#rows.values()].every((row) => row.atMs !== undefined || row.failure !== undefined);
  }

  /** Some point has no value, or its last read failed. */
  get failing(): boolean {
    return [...this.#rows.values()].some((row) => row.atMs === undefined || row.failure !== undefined);
  }

  raw(_device: string, binding: PointBinding, raw: RawValue, wireTimeMs: number, extra?: { retained?: boolean }): void {
    const row = this.#rows.get(binding);
    const decoded = binding.decode(raw);
    if (row === undefined || decoded === undefined) return;
    const { value, quality, reason } = decoded;
    const outside =
      typeof value === 'number' && binding.range !== null && (value < binding.range[0] || value > binding.range[1]);
    Object.assign(row, {
      value,
      quality: outside && quality === 'good' ? 'uncertain' : quality,
      reason: outside && quality === 'good' ? 'out-of-range' : reason,
      raw: rawText(raw),
      atMs: wireTimeMs,
      retained: extra?.retained === true,
      failure: undefined,
    });
  }

  failed(_device: string, bindings: readonly PointBinding[], failure: ReadFailure): void {
    for (const binding of bindings) {
      const row = this.#rows.get(binding);
      if (row !== undefined) row.failure = failureText(failure);
    }
  }

  availability(device: string, online: boolean): void {
    if (online) this.#gone.delete(device);
    else this.#gone.add(device);
  }

  settled(): void {
    // Nothing is gathered here.
  }

  /** The table as lines, at most so wide. */
  lines(clock: Clock, columns: number): string[] {
    const nowMs = clock.nowMs();
    const right = true;
    const table = textTable(
      [
        { title: 'device' },
        { title: 'equipment/point' },
        { title: 'value', right },
        { title: 'unit' },
        { title: 'quality' },
        { title: 'age', right },
        { title: 'raw' },
      ],
      [...this.#rows.values()].map((row) => [
        row.device.id,
        `${row.binding.equipment}/${row.binding.point}`,
        valueText(row.value),
        unit(row.binding.unit).symbol,
        this.#stateText(row),
        row.atMs === undefined ? '' : ageText(nowMs - row.atMs),
        row.raw,
      ]),
    );
    return table.map((line) => (line.length > columns ? `${line.slice(0, Math.max(1, columns - 1))}…` : line));
  }

  #stateText({ device, failure, quality, reason, retained }: Live): string {
    if (failure !== undefined) return failure;
    if (this.#gone.has(device.id)) return 'device is gone';
    if (quality === undefined) return 'waiting';
    const state = reason === undefined ? quality : `${quality}, ${reason}`;
    return retained ? `${state}, retained` : state;
  }
}

const longestRaw = 40;

function rawText(raw: RawValue): string {
  const text =
    'payload' in raw
      ? typeof raw.payload === 'string'
        ? raw.payload
        : JSON.stringify(raw.payload)
      : Array.from(raw, (word) => word.toString(16).toUpperCase().padStart(4, '0')).join(' ');
  return text.length > longestRaw ? `${text.slice(0, longestRaw - 1)}…` : text;
}

function valueText(value: PointValue): string {
  if (value === null) return '—';
  return typeof value === 'number' ? String(Number(value.toPrecision(7))) : String(value);
}

function ageText(ms: number): string {
  if (ms < 1000) return '< 1 s';
  return ms < 120_000 ? `${Math.floor(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`;
}

function failureText(failure: ReadFailure): string {
  switch (failure.kind) {
    case 'timeout':
      return 'no answer';
    case 'exception':
      return `exception ${failure.code}`;
    case 'connection':
      return 'no connection';
    case 'malformed':
      return 'damaged answer';
  }
}
