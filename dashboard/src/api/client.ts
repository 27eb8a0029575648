import type { ApiError, FieldProblem } from '@plantroom/contracts';

/** What the server answered when it did not do what was asked; status 0: it could not be reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | null;
  /** All that is wrong, where the server checks a request as a whole. */
  readonly problems: readonly FieldProblem[];

  constructor(
    status: number,
    error: Pick<ApiError, 'code' | 'message'> & { field?: string | undefined; problems?: FieldProblem[] | undefined },
  ) {
    super(error.message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = error.code;
    this.field = error.field ?? null;
    this.problems = error.problems ?? [];
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}

export interface RequestOptions {
  method?: Method;
  /** Sent as JSON; left out: no body. */
  body?: unknown;
  signal?: AbortSignal;
}

export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const init: RequestInit = { method: options.method ?? 'GET', credentials: 'same-origin' };
  if (options.signal !== undefined) init.signal = options.signal;
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { 'content-type': 'application/json' };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, { code: 'UNREACHABLE', message: path });
  }
  const answer = await answerOf(response);
  if (!response.ok) {
    const error = (answer ?? {}) as Partial<ApiError>;
    throw new ApiProblem(response.status, {
      code: error.code ?? `HTTP_${response.status}`,
      message: error.message ?? response.statusText,
      field: error.field,
      problems: error.problems,
    });
  }
  return answer as T;
}

export type Page<T> = { items: T[]; next: string | null };

/** All items of a paged list, at most `maxPages` pages. */
export async function requestAll<T>(
  path: string,
  options: { signal?: AbortSignal; maxPages?: number } = {},
): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  for (let count = 0; count < (options.maxPages ?? 20); count += 1) {
    const separator = path.includes('?') ? '&' : '?';
    const url: string = after === null ? path : `${path}${separator}after=${encodeURIComponent(after)}`;
    const answer: Page<T> | T[] = await request<Page<T> | T[]>(url, options.signal ? { signal: options.signal } : {});
    if (Array.isArray(answer)) return answer;
    items.push(...answer.items);
    if (answer.next === null) break;
    after = answer.next;
  }
  return items;
}
