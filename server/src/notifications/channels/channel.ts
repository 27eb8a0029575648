import { type ChannelKind, type ChannelSettings, PlantroomError } from '@plantroom/contracts';
import type { OutgoingMessage } from '../domain/message.ts';

export interface SendContext<K extends ChannelKind = ChannelKind> {
  settings: Extract<ChannelSettings, { kind: K }>;
  /** By their names in `channelSecrets`; those that are not set are missing. */
  secrets: Readonly<Record<string, string>>;
  nowMs: number;
  /** Aborted when it takes too long. */
  signal: AbortSignal;
}

/** Joins the outbox to one kind of receiver: one attempt, no retry, no memory. */
export interface ChannelAdapter<K extends ChannelKind = ChannelKind> {
  readonly kind: K;
  /** False: a group, in which one message is read by all. */
  readonly byAddress: boolean;
  /** What is wrong with an address of this kind, in words; null: nothing. */
  addressProblem(address: string): string | null;
  /** Answers what the receiver said when it took the message; throws DeliveryError. */
  send(message: OutgoingMessage, context: SendContext<K>): Promise<string>;
}

/** `retryable`: the same message may be taken later. */
export class DeliveryError extends PlantroomError {
  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super('NOTIFICATION_NOT_TAKEN', message, options);
    this.name = 'DeliveryError';
  }
}

/** The value of a secret that the channel cannot do without. */
export function secretOf({ secrets }: Pick<SendContext, 'secrets'>, name: string): string {
  const value = secrets[name];
  if (value === undefined)
    throw new DeliveryError(`the secret "${name}" of the channel is not set`, { retryable: false });
  return value;
}
