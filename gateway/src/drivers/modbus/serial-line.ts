import { errorMessage } from '@plantroom/contracts';
import type { SerialPort } from 'serialport';
import type { ModbusSerialConnection } from '../../config/gateway-config.ts';
import type { Line, LineOptions } from './line.ts';
import { type Medium, ReopeningLine } from './reopening-line.ts';

export type SerialSettings = Pick<ModbusSerialConnection, 'path' | 'baudRate' | 'parity' | 'stopBits'>;

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
          // The adapter was pulled: the error says so. Closed by us: there is none.
          it.on('close', (error: Error | null) => end(error?.message ?? 'closed'));
          it.on('error', (error) => {
            // A failed close leaves nothing to wait for.
            if (!it.isOpen) end(error.message);
          });
          if (ended) return it.close();
          it.on('data', bytes);
          opened();
        },
        (error: unknown) => end(errorMessage(error)),
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
