import Type, { type Static } from 'typebox';
import { page } from './api.ts';
import { Count, closed, literals, Nullable, TimeMs } from './schema.ts';

/**
 * The life of a command. `requested`: recorded by the server. `sent`: handed to the broker. `accepted`: the device has acknowledged
 * the write. Then one end: `verified` what was read back is what was wanted; `unverified` the device took it, what was read back
 * differs; `timed-out` nobody knows, because nothing was read back or nothing was heard; `refused` nothing was written, by rule;
 * `failed` the line or the device did not take it.
 */
export const commandStates = [
  'requested',
  'sent',
  'accepted',
  'verified',
  'unverified',
  'timed-out',
  'refused',
  'failed',
] as const;
export type CommandState = (typeof commandStates)[number];
export const openCommandStates: readonly CommandState[] = ['requested', 'sent', 'accepted'];

/** Why a command ended as it did; `verified` needs no reason. Texts of screens hang on these. */
export const commandReasons = [
  'unknown-point',
  'not-writable',
  'read-only-class',
  'wrong-type',
  'not-allowed',
  'busy',
  'too-many',
  'stale',
  'gateway-offline',
  'device-offline',
  'no-connection',
  'no-answer',
  'device-refused',
  'malformed',
  'no-read-back',
  'read-back-differs',
  'no-outcome',
  'server-restarted',
] as const;
export type CommandReason = (typeof commandReasons)[number];

export const CommandValue = Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 200 })]);
export type CommandValue = Static<typeof CommandValue>;

/** `Plantroom/Command Outcome`: what a gateway says of a command, as JSON. An `accepted` one is followed by another. */
export const CommandOutcome = Type.Object(
  {
    /** Of the DCMD's property `commandId`; for a command without one, an id of the gateway's own. */
    id: Type.String({ minLength: 1, maxLength: 200 }),
    /** Point id; null when the command named none that is there. */
    point: Nullable(Type.String()),
    state: literals(['accepted', 'verified', 'unverified', 'timed-out', 'refused', 'failed']),
    reason: Nullable(literals(commandReasons)),
    /** The reason in words, with the value and what is allowed. */
    message: Nullable(Type.String({ maxLength: 1000 })),
    /** What was read back; null: nothing. */
    readBack: Nullable(CommandValue),
    /** Gateway's clock. */
    atMs: TimeMs,
    /** With `accepted`: the end follows within this time, ms. */
    withinMs: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
export type CommandOutcome = Static<typeof CommandOutcome>;

/** A command as recorded. Times are the server's. */
export const Command = Type.Object(
  {
    id: Type.String(),
    point: Type.String(),
    /** `<site>/<gateway>` and `<site>/<gateway>/<device>` it went to. */
    gateway: Type.String(),
    device: Type.String(),
    value: CommandValue,
    state: literals(commandStates),
    code: Nullable(literals(commandReasons)),
    message: Nullable(Type.String()),
    readBack: Nullable(CommandValue),
    user: Type.String(),
    reason: Nullable(Type.String()),
    requestedMs: TimeMs,
    sentMs: Nullable(TimeMs),
    acceptedMs: Nullable(TimeMs),
    endedMs: Nullable(TimeMs),
    /** Rises with each change. */
    revision: Type.Integer({ minimum: 0 }),
  },
  closed,
);
export type Command = Static<typeof Command>;

export const CommandRequest = Type.Object(
  {
    point: Type.String({ description: 'point id' }),
    value: CommandValue,
    reason: Type.Optional(Type.String({ maxLength: 1000, description: 'kept with the command and in the audit' })),
    key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'sent again by the same user it gives the same command, not a second one',
      }),
    ),
  },
  closed,
);
export type CommandRequest = Static<typeof CommandRequest>;

/** Newest first. */
export const CommandQuery = Type.Object(
  {
    point: Type.Optional(Type.String()),
    /** Equipment id. */
    equipment: Type.Optional(Type.String()),
    after: Type.Optional(Count),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'items a page; left out: 50' })),
  },
  closed,
);
export type CommandQuery = Static<typeof CommandQuery>;
export const CommandPage = page(Command);
