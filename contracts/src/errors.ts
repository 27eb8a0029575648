export interface PlantroomErrorOptions {
  cause?: unknown;
  /** Worth trying again unchanged: the network, a lock, a busy peer. Left out: not worth it. */
  retryable?: boolean;
}

/** The one base class. `code` is stable and stands in the message, so that a log line can be looked up. */
export class PlantroomError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: PlantroomErrorOptions = {}) {
    super(`${message} [${code}]`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlantroomError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

export function isRetryable(error: unknown): boolean {
  return error instanceof PlantroomError && error.retryable;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One thing wrong with data from outside: which file or field, at which path, the value, what is allowed. */
export interface Problem {
  /** File name or payload name. */
  source: string;
  /** Path inside it, e.g. `/devices/3/unitId`. */
  path: string;
  /** 1-based line in a text file, when known. */
  line?: number;
  message: string;
}

export function formatProblem(problem: Problem): string {
  const line = problem.line === undefined ? '' : `:${problem.line}`;
  return `${problem.source}${line} ${problem.path || '/'}: ${problem.message}`;
}

/** All problems of all inputs, reported together. */
export class ProblemsError extends PlantroomError {
  readonly problems: readonly Problem[];

  constructor(code: string, problems: readonly Problem[]) {
    super(code, problems.map(formatProblem).join('\n'));
    this.name = 'ProblemsError';
    this.problems = problems;
  }
}
