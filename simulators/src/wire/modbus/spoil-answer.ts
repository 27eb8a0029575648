import type { FrameFault } from '../wire-fault.ts';
import type { Framing, RequestFrame } from './framing.ts';

export interface Answer {
  request: RequestFrame;
  pdu: Uint8Array;
  framing: Framing;
}

/** What goes out in place of an answer, in this order. */
export interface SpoiledAnswer {
  frames: Uint8Array[];
  /** The connection ends with it. */
  cut: boolean;
}

const readCoils = 1;
const readHolding = 3;

/** Pure: what a fault of the wire makes of an answer. `before`: the answer to the request before this one; undefined: there was none. */
export function spoilAnswer(answer: Answer, fault: FrameFault, before: Uint8Array | undefined): SpoiledAnswer {
  const { request, pdu, framing } = answer;
  const frame = framing.reply(request, pdu);
  const sent = (...frames: Uint8Array[]): SpoiledAnswer => ({ frames, cut: false });
  switch (fault) {
    case 'truncated':
      return sent(frame.slice(0, -2));
    case 'corrupt':
      return sent(turned(frame));
    case 'mismatch':
      return sent(mismatched(answer));
    case 'other-unit':
      return sent(framing.reply({ ...request, unitId: (request.unitId + 1) & 0xff }, pdu));
    case 'shifted':
      return before === undefined ? sent() : sent(before);
    case 'duplicate':
      return sent(frame, frame);
    case 'cut':
      return { frames: [frame.slice(0, Math.ceil(frame.length / 2))], cut: true };
  }
}

/** The lowest bit of the third byte: the protocol id over TCP, the byte count on a serial line, where the CRC tells. */
function turned(frame: Uint8Array): Uint8Array {
  return frame.map((byte, i) => (i === 2 ? byte ^ 1 : byte));
}

function mismatched({ request, pdu, framing }: Answer): Uint8Array {
  const other = (request.transactionId + 1) & 0xffff;
  if (framing.hasTransactions) return framing.reply({ ...request, transactionId: other }, pdu);
  const [code = 0] = pdu;
  return framing.reply(request, Uint8Array.of(code === readHolding ? readCoils : readHolding, ...pdu.subarray(1)));
}
