import { existsSync } from 'node:fs';
import { errorMessage } from '@plantroom/contracts';
import type { SerialPort } from 'serialport';
import type { ModbusSerialConnection } from '../../config/gateway-config.ts';
import type { Line, LineOptions } from './line.ts';
import { type Medium, ReopeningLine } from './reopening-line.ts';

export type SerialSettings = Pick<ModbusSerialConnection, 'path' | 'baudRate' | 'parity' | 'stopBits'>;

/**
 * A port that has been hung up (its adapter pulled) reads as empty for ever, in a loop inside the binding; only a write fails. So its
 * device file is looked for too.
 */
const lookMs = 1000;

/** A serial port of this machine; opened again when its adapter has been pulled. */
export function serialLine({ path, baudRate, parity, stopBits }: SerialSettings, options: LineOptions): Line {
  const settings = { path, baudRate: baudRate ?? 9600, parity: parity ?? 'none', stopBits: stopBits ?? 1 } as const;
  const medium: Medium = {
    name: path,
    open: ({ opened, bytes, closed }) => {
      let port: SerialPort | undefined;
      let ended = false;
      const end = (reason: string): void => {
        if (ended) return;
        ended = true;
        closed(reason);
      };
      const close = (): void => {
        if (port?.isOpen === true) port.close();
        else end('closed');
      };
      openPort(settings).then(
        (it) => {
          port = it;
          let reason = 'closed';
          let cancelLook: (() => void) | undefined;
          it.on('close', (error: Error | null) => {
            cancelLook?.();
            end(error?.message ?? reason);
          });
          const look = (): void => {
            cancelLook = options.clock.after(lookMs, () => {
              if (existsSync(path)) {
                look();
                return;
              }
              reason = 'the port has gone';
              close();
            });
          };
          look();
          it.on('error', (error) => {
            // A failed close leaves nothing to wait for.
            if (!it.isOpen) end(error.message);
          });
          if (ended) return it.close();
          it.on('data', bytes);
          opened();
        },
        (error: unknown) => end(errorMessage(error).replace(/^Error: /, '')),
      );
      return { write: (frame) => void port?.write(Buffer.from(frame)), close };
    },
  };
  return new ReopeningLine(medium, options);
}

type PortSettings = ConstructorParameters<typeof SerialPort>[0];

/** Loaded when a line needs it: where the native binding does not load, everything else still runs. */
async function openPort(settings: PortSettings): Promise<SerialPort> {
  const { SerialPort } = await import('serialport');
  return await new Promise((resolve, reject) => {
    const port = new SerialPort({ ...settings, dataBits: 8, autoOpen: false });
    port.open((error) => {
      if (error === null || error === undefined) resolve(port);
      else reject(error);
    });
  });
}
