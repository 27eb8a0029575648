import { bytes, type ScriptedServer, scriptedServer } from './scripted-server.ts';

export interface RegisterServer extends ScriptedServer {
  /** What was asked, as `unit:function start+count`. */
  asked: string[];
  /** Addresses that do not exist: reading one is exception 2. */
  missing: Set<number>;
  /** Units that never answer. */
  silent: Set<number>;
}

/** A Modbus TCP device in which every register holds its own address, written out by hand for tests. */
export async function registerServer(port = 0): Promise<RegisterServer> {
  const server = await scriptedServer(port);
  const it: RegisterServer = Object.assign(server, {
    asked: [],
    missing: new Set<number>(),
    silent: new Set<number>(),
  });
  it.answer = (request, socket) => {
    const [unit, code, start, count] = [request[6]!, request[7]!, request.readUInt16BE(8), request.readUInt16BE(10)];
    it.asked.push(`${unit}:${code} ${start}+${count}`);
    if (it.silent.has(unit)) return;
    const addresses = Array.from({ length: count }, (_, i) => start + i);
    if (addresses.some((address) => it.missing.has(address))) {
      socket.write(Buffer.concat([request.subarray(0, 4), bytes('00 03'), Buffer.from([unit, code | 0x80, 2])]));
      return;
    }
    const head = Buffer.concat([request.subarray(0, 4), Buffer.alloc(5)]);
    head.writeUInt16BE(3 + 2 * count, 4);
    head.set([unit, code, 2 * count], 6);
    const words = Buffer.alloc(2 * count);
    for (const [i, address] of addresses.entries()) words.writeUInt16BE(address, 2 * i);
    socket.write(Buffer.concat([head, words]));
  };
  return it;
}
