import { errorMessage, PlantroomError } from '@plantroom/contracts';

export function openError(path: string, cause: unknown): PlantroomError {
  const message = errorMessage(cause);
  if (/lock/i.test(message)) {
    return new PlantroomError(
      'HISTORIAN_LOCKED',
      `${path} is in use by another process; stop it, or set PLANTROOM_DATA_DIR to another folder (${message})`,
      { cause },
    );
  }
  return new PlantroomError('HISTORIAN_OPEN_FAILED', `cannot open ${path}: ${message}`, { cause });
}
