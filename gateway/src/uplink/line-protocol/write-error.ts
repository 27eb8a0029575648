import { PlantroomError } from '@plantroom/contracts';

interface WriteFailure {
  /** HTTP status; left out: there was no answer. */
  status?: number;
  /** What the receiver asks to wait, ms; left out: it does not say. */
  retryAfterMs?: number;
  /** The receiver says of these lines that it does not take them, as a database does; other refusals are about the request and cost no line. */
  refusal?: unknown;
  cause?: unknown;
}

/** Why a write failed, and what can be done about it. */
export class WriteError extends PlantroomError {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** Body of a refusal, as JSON. */
  readonly refusal: unknown;

  constructor(message: string, failure: WriteFailure) {
    const { status, retryAfterMs, refusal, cause } = failure;
    const retryable = status === undefined || status === 408 || status === 429 || status >= 500;
    super('LINE_WRITE', message, { retryable, cause });
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.refusal = refusal;
  }
}
