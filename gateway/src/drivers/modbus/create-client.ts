import type { ModbusConnection } from '../../config/gateway-config.ts';
import { createFraming, createLine } from './create-line.ts';
import { ModbusClient, type ModbusClientOptions } from './modbus-client.ts';

/** A client over the line and with the frames that the file describes. Opens nothing before `start`. */
export function createClient(
  connection: ModbusConnection,
  options: Omit<ModbusClientOptions, 'line' | 'framing'>,
): ModbusClient {
  return new ModbusClient({
    ...options,
    line: (lineOptions) => createLine(connection, lineOptions),
    framing: createFraming(connection),
  });
}
