import { PlantroomError } from '@plantroom/contracts';
import type { Catalog, DeviceProfile } from '@plantroom/device-profiles';
import type { CommandContext } from '../cli/context.ts';
import type { ReplayOptions } from '../cli/replay-options.ts';
import { modbusDevice } from '../wire/device/modbus-device.ts';
import { inovanceFraming, tcpFraming } from '../wire/modbus/framing.ts';
import { ModbusServer } from '../wire/modbus/modbus-server.ts';
import { Zigbee2Mqtt } from '../wire/mqtt/zigbee2mqtt.ts';
import type { Player } from './player.ts';
import { ReadMarks } from './read-marks.ts';
import { replayDevice, replayValues } from './replay-values.ts';

export interface ReplayWire {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Where it can be reached, for the person at the terminal. */
  readonly where: string;
}

export interface ReplayWireOptions {
  profile: DeviceProfile;
  catalog: Catalog;
  player: Player;
  options: ReplayOptions;
  context: CommandContext;
}

export function replayWire(replay: ReplayWireOptions): ReplayWire {
  return replay.profile.protocol === 'modbus' ? modbusWire(replay) : mqttWire(replay);
}

function modbusWire({ profile, catalog, player, options, context }: ReplayWireOptions): ReplayWire {
  const device = replayDevice(profile, options);
  if (profile.protocol !== 'modbus') throw new PlantroomError('REPLAY_INVALID', `${profile.profile} is not Modbus`);
  const marks = new ReadMarks(profile);
  const unit = modbusDevice({
    device: { ...device, profile },
    classes: catalog.classes,
    readerOf: replayValues(profile, catalog, player),
    revision: () => player.revision,
    stuck: () => false,
    onRead(table, start, count) {
      // Who waits for the client starts at its first read, so that the first row is read as well.
      player.start();
      if (!marks.mark(table, start, count)) return;
      marks.wipe();
      player.seen();
    },
  });
  const server = new ModbusServer({
    host: '127.0.0.1',
    port: options.port,
    portVariable: '--port',
    framing: profile.modbus.framing === 'inovance-rtu16' ? inovanceFraming : tcpFraming,
    units: new Map([[options.unitId, unit]]),
    faultOf: () => undefined,
    clock: context.clock,
    logger: context.logger,
  });
  return {
    start: () => server.start(),
    stop: () => server.stop(),
    get where() {
      return `Modbus TCP on 127.0.0.1:${server.port}, unit ${options.unitId}`;
    },
  };
}

function mqttWire({ profile, catalog, player, options, context }: ReplayWireOptions): ReplayWire {
  if (profile.protocol !== 'mqtt') throw new PlantroomError('REPLAY_INVALID', `${profile.profile} is not MQTT`);
  if (options.waitForClient)
    throw new PlantroomError(
      'USAGE',
      'a broker does not say who listens: --as-fast and --wait-for-client are for Modbus',
    );
  const publisher = new Zigbee2Mqtt({
    url: context.environment.mqttUrl,
    devices: [{ ...replayDevice(profile, options), profile }],
    classes: catalog.classes,
    readerOf: replayValues(profile, catalog, player),
    faultOf: () => undefined,
    clock: context.clock,
    logger: context.logger,
    everyChange: true,
  });
  return {
    start() {
      publisher.start();
      return Promise.resolve();
    },
    stop: () => publisher.stop(),
    where: `published to ${context.environment.mqttUrl}`,
  };
}
