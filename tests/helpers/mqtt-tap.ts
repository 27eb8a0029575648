import { type ClientPacket, clientPackets } from './mqtt-packets.ts';
import { type TcpTap, tapTcp } from './tcp-tap.ts';

export interface MqttTap extends TcpTap {
  url: string;
  /** PUBACKs that clients behind the tap have written so far. */
  pubacks(): number;
  /** All that clients of MQTT 3.1.1 behind the tap have written, in order. */
  readonly written: readonly ClientPacket[];
}

/** Between a client and its broker: writes down what the client says, and is the line that breaks. */
export async function tapMqtt(brokerUrl: string): Promise<MqttTap> {
  const written: ClientPacket[] = [];
  const tap = await tapTcp(Number(new URL(brokerUrl).port), () => clientPackets((packet) => written.push(packet)));
  return {
    ...tap,
    url: `mqtt://127.0.0.1:${tap.port}`,
    written,
    pubacks: () => written.filter(({ type }) => type === 'puback').length,
  };
}
