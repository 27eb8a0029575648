import { readFileSync } from 'node:fs';
import { type Clock, errorMessage, type Logger, PlantroomError } from '@plantroom/contracts';
import type { Catalog, DeviceProfile, ModbusProfile } from '@plantroom/device-profiles';
import { modbusDevice } from '../wire/device/modbus-device.ts';
import type { ServedDevice } from '../wire/device/served-device.ts';
import { inovanceFraming, tcpFraming } from '../wire/modbus/framing.ts';
import { ModbusServer } from '../wire/modbus/modbus-server.ts';
import type { ModbusUnit } from '../wire/modbus/pdu.ts';
import { type MqttDevice, Zigbee2Mqtt } from '../wire/mqtt/zigbee2mqtt.ts';
import { Player } from './player.ts';
import { type Recording, readRecording } from './recording.ts';
import type { PlannedDevice, ReplayPlan } from './replay-plan.ts';
import { replayValues } from './replay-values.ts';

export interface PlanPlayerOptions {
  plan: ReplayPlan;
  catalog: Catalog;
  mqttUrl: string;
  clock: Clock;
  logger: Logger;
}

interface Played {
  planned: PlannedDevice;
  device: ServedDevice;
  player: Player;
}

/** Several recordings at once, each through a device of its own, on one base of time: what happened together is read together. */
export class PlanPlayer {
  readonly #options: PlanPlayerOptions;
  readonly #played: Played[];
  readonly #servers = new Map<string, ModbusServer>();
  #publisher: Zigbee2Mqtt | undefined;

  /** Reads the files. Throws REPLAY_INVALID with file, row, column and value. */
  constructor(options: PlanPlayerOptions) {
    this.#options = options;
    const { plan, clock } = options;
    const recordings = plan.devices.map((planned) => this.#recording(planned));
    const startMs = Math.min(...recordings.map((recording) => recording.startMs));
    const inStep = recordings.map((recording) => later(recording, recording.startMs - startMs));
    const periodMs = Math.max(...inStep.map(({ rows }) => rows.at(-1)?.offsetMs ?? 0)) + 1000;
    this.#played = plan.devices.map((planned, i) => ({
      planned,
      device: this.#device(planned),
      player: new Player({
        recording: inStep[i] as Recording,
        clock,
        speed: plan.speed ?? 1,
        loop: plan.loop === true,
        periodMs,
        progress: () => undefined,
      }),
    }));
  }

  async start(): Promise<void> {
    const { catalog, clock, logger, mqttUrl } = this.#options;
    const lines = new Map<string, Played[]>();
    for (const one of this.#played) {
      if (one.device.profile.protocol !== 'modbus') continue;
      const { port = 0, id } = one.planned;
      const key = port === 0 ? id : String(port);
      lines.set(key, [...(lines.get(key) ?? []), one]);
    }
    for (const [key, played] of lines) {
      const isOwn = played.some(({ device }) => (device.profile as ModbusProfile).modbus.framing === 'inovance-rtu16');
      const server = new ModbusServer({
        host: '127.0.0.1',
        port: played[0]?.planned.port ?? 0,
        portVariable: 'port in the plan',
        framing: isOwn ? inovanceFraming : tcpFraming,
        units: new Map(played.map((one): [number, ModbusUnit] => [one.device.unitId, this.#unit(one)])),
        faultOf: () => undefined,
        clock,
        logger,
      });
      this.#servers.set(key, server);
      await server.start();
    }
    const sensors = this.#played.filter(({ device }) => device.profile.protocol === 'mqtt');
    if (sensors.length > 0) {
      const values = new Map(
        sensors.map(({ planned, device, player }) => [
          planned.id,
          replayValues(device.profile, catalog, player, planned.units),
        ]),
      );
      this.#publisher = new Zigbee2Mqtt({
        name: 'replay',
        url: mqttUrl,
        devices: sensors.map(({ device }) => device as MqttDevice),
        classes: catalog.classes,
        readerOf: (equipment, point) => values.get(equipment)?.(equipment, point) ?? (() => undefined),
        faultOf: () => undefined,
        clock,
        logger,
        everyChange: true,
      });
      this.#publisher.start();
    }
    for (const { player } of this.#played) player.start();
  }

  async stop(): Promise<void> {
    for (const { player } of this.#played) player.stop();
    await Promise.all([...[...this.#servers.values()].map((server) => server.stop()), this.#publisher?.stop()]);
  }

  /** Device id → where it is reached. */
  where(): Record<string, string> {
    return Object.fromEntries(
      this.#played.map(({ planned: { id, port = 0, unitId = 1 }, device }) => {
        const server = this.#servers.get(port === 0 ? id : String(port));
        if (device.profile.protocol === 'mqtt') return [id, `published to ${this.#options.mqttUrl}`];
        return [id, `Modbus TCP on 127.0.0.1:${server?.port ?? port}, unit ${unitId}`];
      }),
    );
  }

  port(id: string): number {
    const { port = 0 } = this.#played.find(({ planned }) => planned.id === id)?.planned ?? {};
    return this.#servers.get(port === 0 ? id : String(port))?.port ?? 0;
  }

  #unit({ device, player, planned }: Played): ModbusUnit {
    const { catalog } = this.#options;
    return modbusDevice({
      device: device as ServedDevice & { profile: ModbusProfile },
      classes: catalog.classes,
      readerOf: replayValues(device.profile, catalog, player, planned.units),
      revision: () => player.revision,
      stuck: () => false,
    });
  }

  #recording({ id, csv, columns, profile, role }: PlannedDevice): Recording {
    const { plan } = this.#options;
    let text: string;
    try {
      text = readFileSync(csv, 'utf8');
    } catch (error) {
      throw new PlantroomError('REPLAY_INVALID', `device ${id}: csv ${csv} cannot be read: ${errorMessage(error)}`);
    }
    const found = this.#profile(id, profile);
    const only = this.#roleOf(id, found, role);
    const points = found.points.filter((point) => (point.role ?? only) === only).map(({ point }) => point);
    return readRecording(text, {
      source: csv,
      separator: plan.separator ?? ';',
      points,
      gaps: true,
      ...(columns === undefined ? {} : { map: new Map(Object.entries(columns)) }),
    });
  }

  #device({ id, profile, role, unitId = 1, parameters = {} }: PlannedDevice): ServedDevice {
    const found = this.#profile(id, profile);
    const only = this.#roleOf(id, found, role);
    const points = found.points.filter((point) => (point.role ?? only) === only);
    // A device of several roles answers for the one that was recorded.
    const ofRole = { ...found, points } as DeviceProfile;
    return { id, profile: ofRole, unitId, parameters, serves: [{ role: only, equipment: id, parameters }] };
  }

  #profile(id: string, name: string): DeviceProfile {
    const { profiles } = this.#options.catalog;
    const found = profiles.get(name);
    if (found !== undefined) return found;
    const allowed = [...profiles.keys()].join(', ');
    throw new PlantroomError('REPLAY_INVALID', `device ${id}: no profile "${name}"; there are: ${allowed}`);
  }

  #roleOf(id: string, { serves }: DeviceProfile, role: string | undefined): string {
    const roles = Object.keys(serves);
    const only = role ?? (roles.length === 1 ? roles[0] : undefined);
    if (only !== undefined && roles.includes(only)) return only;
    throw new PlantroomError('REPLAY_INVALID', `device ${id}: role is "${role ?? ''}"; allowed: ${roles.join(', ')}`);
  }
}

/** Rows as they lie behind the beginning of the whole plan. */
function later(recording: Recording, byMs: number): Recording {
  return { ...recording, rows: recording.rows.map((row) => ({ ...row, offsetMs: row.offsetMs + byMs })) };
}
