import { errorMessage } from '@plantroom/contracts';
import { DeliveryError } from './channel.ts';

const maxAnswerBytes = 64 * 1024;
const toldCharacters = 200;

export interface HttpAnswer {
  status: number;
  text: string;
}

/** One request. Redirects are not followed: a signed message goes to the address that was checked. Throws DeliveryError unless 2xx. */
export async function request(
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
): Promise<HttpAnswer> {
  let answer: HttpAnswer;
  try {
    // A connection of its own: one that is kept may be ended by the other side just when a fire is told over it.
    const headers = { ...init.headers, connection: 'close' };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    answer = { status: response.status, text: await firstBytes(response) };
  } catch (cause) {
    // The address may hold a secret: only the host is told.
    throw new DeliveryError(`${new URL(url).host} cannot be reached: ${reasonOf(cause)}`, { retryable: true, cause });
  }
  if (answer.status < 200 || answer.status > 299) {
    const retryable = answer.status >= 500 || answer.status === 408 || answer.status === 429;
    throw new DeliveryError(
      `${new URL(url).host} answered HTTP ${answer.status}: ${answer.text.slice(0, toldCharacters)}`,
      { retryable },
    );
  }
  return answer;
}

/** A message to a vendor's robot, `body` its JSON. Gives the receipt; throws DeliveryError as `robotReceipt` says. */
export async function postToRobot(
  url: string,
  body: string,
  { signal, codes, busy }: { signal: AbortSignal; codes: readonly string[]; busy: readonly number[] },
): Promise<string> {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return robotReceipt(await request(url, { method: 'POST', headers, body, signal }), { codes, busy });
}

/**
 * What a vendor's robot answers: HTTP 200 says only that the request was read; a code other than 0 is a failure. `busy`: codes of "too
 * many messages", which pass.
 */
export function robotReceipt(
  { text }: HttpAnswer,
  { codes, busy }: { codes: readonly string[]; busy: readonly number[] },
): string {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw new DeliveryError(`the robot's answer is no JSON: ${text.slice(0, toldCharacters)}`, {
      retryable: true,
      cause,
    });
  }
  const fields = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
  const code = codes.map((name) => fields[name]).find((value) => value !== undefined);
  if (code === 0) return text.slice(0, toldCharacters);
  throw new DeliveryError(`the robot refused: ${text.slice(0, toldCharacters)}`, {
    retryable: busy.includes(Number(code)),
  });
}

async function firstBytes(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxAnswerBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, maxAnswerBytes);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? errorMessage(cause) : errorMessage(error);
}
