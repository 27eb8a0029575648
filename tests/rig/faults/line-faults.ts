import type { Connection } from '../wire/connection.ts';
import type { Wire } from '../wire/frames.ts';
import type { Exchange, Step } from './exchange.ts';
import { step } from './exchange.ts';
import { everyWire } from './unit-fault.ts';

/** What a line fault may do to the line. */
export interface Listening {
  readonly connections: ReadonlySet<Connection>;
  /** Ends every connection and takes no more. */
  close(): Promise<void>;
  listen(): Promise<void>;
}

/** A way in which the connection misbehaves, for all devices behind it. */
export interface LineFault {
  name: string;
  wires: readonly Wire[];
  /** It takes so many polls until a gateway can have noticed: the fault lasts that long at least. */
  atLeastPolls?: number;
  /** Nothing of it arrives here: what it met cannot be counted. */
  unseen?: boolean;
  begin?(line: Listening): Promise<void> | void;
  /** The line is well again when this has resolved. */
  end?(line: Listening): Promise<void> | void;
  onConnect?(connection: Connection, line: Listening): void;
  /** Left out: as a healthy device. */
  answer?(exchange: Exchange, connection: Connection): Step[];
}

const wires: readonly Wire[] = ['tcp', 'rtu'];

function thaw(line: Listening): void {
  for (const connection of line.connections) connection.dead = false;
}

function freeze(line: Listening): void {
  for (const connection of line.connections) connection.dead = true;
}

export const lineFaults: readonly LineFault[] = [
  {
    name: 'half-open, comes to itself again',
    wires: everyWire,
    begin: freeze,
    onConnect: (connection) => {
      connection.dead = true;
    },
    end: thaw,
  },
  {
    // New connections are sound: the gateway has to give up the old one by itself.
    name: 'half-open for ever',
    wires: everyWire,
    atLeastPolls: 5,
    begin: freeze,
  },
  {
    name: 'one client only, the lost one keeps the place',
    wires,
    atLeastPolls: 5,
    begin: freeze,
    onConnect: (connection, line) => {
      if (line.connections.size > 1) connection.end('fin');
    },
  },
  {
    name: 'connection refused',
    wires: everyWire,
    unseen: true,
    begin: (line) => line.close(),
    end: (line) => line.listen(),
  },
  { name: 'closed as soon as it is made', wires, begin: dropAll, onConnect: (connection) => connection.end('fin') },
  { name: 'reset as soon as it is made', wires, begin: dropAll, onConnect: (connection) => connection.end('reset') },
  { name: 'reset by a request', wires, answer: () => [{ afterMs: 0, end: 'reset' }] },
  {
    name: 'reset in the middle of an answer',
    wires,
    answer: (x) => {
      const { bytes } = x.reply();
      const cut = x.random.within(1, bytes.length - 1);
      return [{ afterMs: x.turnAroundMs(), bytes: bytes.subarray(0, cut), end: 'reset' }];
    },
  },
  { name: 'closed instead of an answer', wires, answer: (x) => [{ afterMs: x.turnAroundMs(), end: 'fin' }] },
  {
    name: 'closed in the middle of an answer',
    wires,
    answer: (x) => {
      const { bytes } = x.reply();
      return [
        { afterMs: x.turnAroundMs(), bytes: bytes.subarray(0, x.random.within(1, bytes.length - 1)), end: 'fin' },
      ];
    },
  },
  {
    name: 'closed after each answer',
    wires,
    answer: (x) => [{ ...step(x.turnAroundMs(), x.right()), end: 'fin' }],
  },
  {
    // A device that stood still and then says all at once; each answer is older than its time-out.
    name: 'answers held back, then all at once',
    wires: ['tcp'],
    answer: (x) => {
      const everyMs = x.options.timeoutMs * 3;
      return [step(x.options.timeoutMs * 1.2 + (everyMs - (x.options.atMs % everyMs)), x.reply({ mayStore: 'late' }))];
    },
  },
];

function dropAll(line: Listening): void {
  for (const connection of line.connections) connection.end('reset');
}
