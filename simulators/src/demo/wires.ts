import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import type { Catalog, ModbusProfile } from '@plantroom/device-profiles';
import type { FireZoneSpec } from '../model/fire/fire.ts';
import { alarmPage, gencommWords } from '../wire/device/gencomm-words.ts';
import { modbusDevice, type OwnRegisters } from '../wire/device/modbus-device.ts';
import { changedNotifierWords, loopRegisters, notProgrammed } from '../wire/device/notifier-words.ts';
import { saidReaders } from '../wire/device/said-values.ts';
import type { ServedDevice } from '../wire/device/served-device.ts';
import { type Framing, inovanceFraming, rtuFraming, tcpFraming } from '../wire/modbus/framing.ts';
import { ModbusServer } from '../wire/modbus/modbus-server.ts';
import type { ModbusUnit } from '../wire/modbus/pdu.ts';
import { type MqttDevice, Zigbee2Mqtt } from '../wire/mqtt/zigbee2mqtt.ts';
import type { ReadGatewayFile, WireConnection } from './gateway-file.ts';
import type { WireSource } from './wire-source.ts';

export interface WiresOptions {
  file: ReadGatewayFile;
  catalog: Catalog;
  source: WireSource;
  clock: Clock;
  logger: Logger;
}

/** Everything that answers or publishes. */
export interface Wires {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Connection id → port. */
  ports(): Record<string, number>;
  stats(): Record<string, unknown>;
}

type ModbusConnection = Extract<WireConnection, { protocol: 'modbus' }>;
type MqttConnection = Extract<WireConnection, { protocol: 'mqtt' }>;
type ModbusServed = ServedDevice & { profile: ModbusProfile };

const notifierProfile = 'notifier/modbus-gw';
const gencommProfile = 'deepsea/gencomm';

/** Fire zones with the detectors that the gateway file gives them. */
export function fireZonesOf(file: ReadGatewayFile): FireZoneSpec[] {
  const zones: FireZoneSpec[] = [];
  for (const devices of file.devices.values())
    for (const device of devices)
      for (const served of device.serves) {
        const { detectors } = served.parameters;
        // The panel's own role names all its detectors too; a zone is what its profile calls one.
        const isZone = device.profile.serves[served.role]?.class === 'fire-zone';
        if (isZone && typeof detectors === 'object') zones.push({ id: served.equipment, detectors });
      }
  return zones;
}

/** One server for each connection of the gateway file, one publisher for each broker. */
export function buildWires(options: WiresOptions): Wires {
  const servers = new Map<string, ModbusServer>();
  const publishers = new Map<string, Zigbee2Mqtt>();
  for (const connection of options.file.connections) {
    const devices = options.file.devices.get(connection.id) ?? [];
    if (connection.protocol === 'modbus')
      servers.set(connection.id, modbusServer(connection, devices.filter(isModbus), options));
    else publishers.set(connection.id, publisher(connection, devices.filter(isMqtt), options));
  }
  return {
    async start() {
      for (const server of servers.values()) await server.start();
      for (const one of publishers.values()) one.start();
    },
    async stop() {
      const all = [...servers.values(), ...publishers.values()];
      await Promise.all(all.map((wire) => wire.stop()));
    },
    ports: () => Object.fromEntries([...servers].map(([id, server]) => [id, server.port])),
    stats: () => Object.fromEntries([...servers, ...publishers].map(([id, wire]) => [id, wire.stats()])),
  };
}

function modbusServer(connection: ModbusConnection, devices: ModbusServed[], options: WiresOptions): ModbusServer {
  const { source, catalog, clock, logger } = options;
  const byUnit = new Map(devices.map((device) => [device.unitId, device]));
  const equipmentOf = new Map(devices.map((device) => [device.unitId, device.serves.map((s) => s.equipment)]));
  const faultOf = (unitId: number) => source.wireFault(equipmentOf.get(unitId) ?? []);
  const everyone = [...equipmentOf.values()].flat();
  const units = new Map<number, ModbusUnit>();
  for (const device of byUnit.values()) {
    try {
      const own = ownRegisters(device, source);
      units.set(
        device.unitId,
        modbusDevice({
          device,
          classes: catalog.classes,
          readerOf: saidReaders(device, catalog.classes, source),
          revision: () => source.revision,
          stateOf: (equipment) => source.stateOf(equipment),
          refusal: () => source.wire.refusal(),
          setValue: (equipment, point, value) => source.setValue(equipment, point, value),
          stuck: () => faultOf(device.unitId)?.kind === 'stuck',
          ...(own === undefined ? {} : { own }),
        }),
      );
    } catch (error) {
      logger.error({ device: device.id, error: errorMessage(error) }, 'device left out');
    }
  }
  const portVariable = options.file.portVariables.get(connection.id);
  return new ModbusServer({
    host: connection.host,
    port: connection.port,
    framing: framingOf(connection, devices),
    units,
    faultOf,
    connectionFault: () => source.wire.connectionFault(everyone),
    clock,
    logger,
    ...(portVariable === undefined ? {} : { portVariable }),
  });
}

/** The dialect belongs to the devices; devices of different dialects cannot share a line. */
function framingOf(connection: ModbusConnection, devices: readonly ModbusServed[]): Framing {
  if (devices.some((device) => device.profile.modbus.framing === 'inovance-rtu16')) return inovanceFraming;
  return connection.transport === 'tcp' ? tcpFraming : rtuFraming;
}

/** Words of a device that its profile's points cannot say one by one. */
function ownRegisters(device: ModbusServed, source: WireSource): OwnRegisters | undefined {
  if (device.profile.profile === notifierProfile) {
    const changedWords = changedNotifierWords();
    return {
      table: 'holding',
      ...loopRegisters,
      background: notProgrammed,
      words: () => changedWords(source.building.fire),
    };
  }
  if (device.profile.profile === gencommProfile) {
    const page = Number(device.parameters['alarm-page']);
    return {
      table: 'holding',
      start: page * 256,
      count: alarmPage.registers,
      background: alarmPage.unimplemented,
      words: () => gencommWords(source.building.power.generator, page),
    };
  }
  return undefined;
}

function publisher({ id: name, url }: MqttConnection, devices: MqttDevice[], options: WiresOptions): Zigbee2Mqtt {
  const { source, catalog, clock, logger } = options;
  const equipmentOf = new Map(devices.map((device) => [device.id, device.serves.map((s) => s.equipment)]));
  const saidOf = new Map(
    devices.flatMap((device) => {
      const said = saidReaders(device, catalog.classes, source);
      return device.serves.map(({ equipment }) => [equipment, said] as const);
    }),
  );
  return new Zigbee2Mqtt({
    name,
    url,
    devices,
    classes: catalog.classes,
    stateOf: (equipment) => source.stateOf(equipment),
    readerOf: (equipment, point) => saidOf.get(equipment)?.(equipment, point) ?? (() => undefined),
    faultOf: (id) => source.wireFault(equipmentOf.get(id) ?? []),
    clock,
    logger,
  });
}

function isModbus(device: ServedDevice): device is ModbusServed {
  return device.profile.protocol === 'modbus';
}

function isMqtt(device: ServedDevice): device is MqttDevice {
  return device.profile.protocol === 'mqtt';
}
