import { expectedBytes, functionCode, type ModbusRequest } from './request.ts';

/** Whose late answer could pass for that of a request: nobody's, an earlier one of the same request, or that of another request. */
export type Confusion = 'none' | 'itself' | 'another';

interface GivenUp {
  /** Function and length of the answer: all that an answer without an id says beside its unit. */
  shape: string;
  start: number;
  /** Monotonic ms; an answer that has not come by then is lost. */
  lostAtMs: number;
}

/** A gateway that queues for a slow bus answers late by several time-outs; what is later than this many is taken for lost. */
const timeoutsUntilLost = 5;

/**
 * Requests that were given up and may still be answered, where answers carry no id (RTU, gateways that do not echo it): the late answer
 * has the shape of every other of its function and length, and says nothing of its address. A device answers in the order in which it
 * was asked, so one answer that can only be the one asked for says that none of those before it is still to come.
 */
export class LateAnswers {
  readonly #units = new Map<number, GivenUp[]>();

  confusion(request: ModbusRequest, nowMs: number): Confusion {
    if (this.#units.size === 0) return 'none';
    const alike = this.#alike(request, nowMs);
    if (alike.length === 0) return 'none';
    return alike.every(({ start }) => start === request.start) ? 'itself' : 'another';
  }

  /** When the request is sure to get no other request's answer, monotonic ms; 0: now. */
  untilMs(request: ModbusRequest, nowMs: number): number {
    if (this.#units.size === 0) return 0;
    const others = this.#alike(request, nowMs).filter(({ start }) => start !== request.start);
    return Math.max(0, ...others.map(({ lostAtMs }) => lostAtMs));
  }

  gaveUp(request: ModbusRequest, { sentMs, timeoutMs }: { sentMs: number; timeoutMs: number }): void {
    const shape = shapeOf(request);
    if (shape === undefined) return;
    const known = this.#current(request.unit, sentMs);
    this.#units.set(request.unit, [
      ...known,
      { shape, start: request.start, lostAtMs: sentMs + timeoutMs * timeoutsUntilLost },
    ]);
  }

  /** Data came. `confusion`: as it was when the request was sent. */
  answered(
    request: ModbusRequest,
    { confusion, sentMs, timeoutMs }: { confusion: Confusion; sentMs: number; timeoutMs: number },
  ): void {
    if (!this.#units.has(request.unit)) return;
    if (confusion === 'none') {
      this.#units.delete(request.unit);
      return;
    }
    // It may have been the answer of the one before: then that of this request is still to come.
    this.#forgetOldest(request);
    this.gaveUp(request, { sentMs, timeoutMs });
  }

  /** An answer of this shape came while nothing was asked. */
  cameLate(request: ModbusRequest): void {
    this.#forgetOldest(request);
  }

  #alike(request: ModbusRequest, nowMs: number): GivenUp[] {
    const shape = shapeOf(request);
    return this.#current(request.unit, nowMs).filter((known) => known.shape === shape);
  }

  #current(unit: number, nowMs: number): GivenUp[] {
    const known = this.#units.get(unit) ?? [];
    const current = known.filter(({ lostAtMs }) => lostAtMs > nowMs);
    if (current.length === 0) this.#units.delete(unit);
    else if (current.length < known.length) this.#units.set(unit, current);
    return current;
  }

  /** The oldest of this shape, and everything that was asked before it. */
  #forgetOldest(request: ModbusRequest): void {
    const known = this.#units.get(request.unit) ?? [];
    const shape = shapeOf(request);
    const at = known.findIndex((each) => each.shape === shape);
    if (at < 0) return;
    const rest = known.slice(at + 1);
    if (rest.length === 0) this.#units.delete(request.unit);
    else this.#units.set(request.unit, rest);
  }
}

/** Undefined for a plain write: its answer repeats address and value. */
function shapeOf(request: ModbusRequest): string | undefined {
  const bytes = expectedBytes(request);
  return bytes === undefined ? undefined : `${functionCode(request)}:${bytes}`;
}
