import { type Clock, errorMessage, type Logger, type PointValue } from '@plantroom/contracts';
import { type EquipmentClass, type MqttProfile, presencesOf } from '@plantroom/device-profiles';
import mqtt, { type MqttClient } from 'mqtt';
import { type ReaderOf, type ReadPoint, type ReadState, type ServedDevice, servedBy } from '../device/served-device.ts';
import type { MqttValue } from '../encode/encode-mqtt.ts';
import { isLost } from '../is-lost.ts';
import type { WireFault } from '../wire-fault.ts';
import { sensorMessage } from './sensor-message.ts';

export type MqttDevice = ServedDevice & { profile: MqttProfile };

export interface Zigbee2MqttOptions {
  /** Tells several bridges of one process apart for the broker; left out: there is only one. */
  name?: string;
  url: string;
  devices: readonly MqttDevice[];
  classes: ReadonlyMap<string, EquipmentClass>;
  readerOf: ReaderOf;
  /** How to read all of an equipment at once; asked once for each. Left out: each point is asked. */
  stateOf?(equipment: string): ReadState;
  faultOf(device: string): WireFault | undefined;
  clock: Clock;
  logger: Logger;
  /** How often each device reports without a change, ms; left out: 30 000 (real ones: up to an hour). */
  reportMs?: number;
  /** Report every change, looked for each 100 ms, as a replay wants; left out: changes that a sensor would report, each second. */
  everyChange?: boolean;
}

const defaultBase = 'zigbee2mqtt';
/** Longest wait for the broker to take our goodbye. */
const goodbyeMs = 2000;
/** At most this often a change is looked for. */
const lookMs = 1000;
/** Changes that a sensor reports at once, in the class point's unit; zigbee sensors have such limits built in. */
const reportableStep = 0.3;

interface Told {
  values: Map<string, PointValue>;
  atMs: number;
  /** All that was said of each equipment when a change was looked for last. */
  looked: ReturnType<ReadState>[];
  online: boolean | undefined;
  count: number;
  /** A message that is overtaken by the next one. */
  overtaken: string | undefined;
  /** Its last message was left with the broker since the connection stands. */
  isRetained: boolean;
}

interface Spot {
  point: MqttValue['point'];
  classUnit: MqttValue['classUnit'];
  read: ReadPoint;
}

interface Publishing {
  told: Told;
  client: MqttClient;
  values: MqttValue[];
  fault: WireFault | undefined;
}

function newTold(): Told {
  return {
    values: new Map(),
    atMs: Number.NEGATIVE_INFINITY,
    looked: [],
    online: undefined,
    count: 1,
    overtaken: undefined,
    isRetained: false,
  };
}

/** Publishes as zigbee2mqtt does: state on change and now and then, retained availability, bridge state with a will. Reconnects by itself. */
export class Zigbee2Mqtt {
  readonly #options: Zigbee2MqttOptions;
  readonly #told = new Map<string, Told>();
  /** Devices whose last message a broker may keep, whatever connection it came by. */
  readonly #retained = new Set<string>();
  readonly #spots = new Map<string, readonly Spot[]>();
  readonly #states = new Map<string, readonly ReadState[]>();
  readonly #stats = { published: 0, reconnects: 0, errors: 0 };
  #client: MqttClient | undefined;
  #cancel: () => void = () => undefined;

  constructor(options: Zigbee2MqttOptions) {
    this.#options = options;
  }

  /** Of the bridge before the sensors; all of them are behind one. */
  get #bridgeTopic(): string {
    return `${this.#base}/bridge/state`;
  }

  get #base(): string {
    const base = this.#options.devices.find(({ parameters }) => parameters.base !== undefined)?.parameters.base;
    return String(base ?? defaultBase);
  }

  /** Does not wait for the broker. */
  start(): void {
    const client = mqtt.connect(this.#options.url, {
      // Several buildings of one process have connections of the same name.
      clientId: `${this.#base}-${process.pid}-${this.#options.name ?? 'bridge'}`,
      reconnectPeriod: 1000,
      // Nothing old is worth sending after a broker was away.
      queueQoSZero: false,
      will: { topic: this.#bridgeTopic, payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
    });
    this.#client = client;
    client.on('connect', () => {
      this.#options.logger.info({ url: this.#options.url }, 'zigbee2mqtt connected to the broker');
      this.#told.clear();
      client.publish(this.#bridgeTopic, '{"state":"online"}', { qos: 1, retain: true });
      this.#report();
    });
    client.on('reconnect', () => {
      this.#stats.reconnects++;
    });
    client.on('error', (error) => {
      if (this.#stats.errors++ === 0) this.#options.logger.warn({ error: errorMessage(error) }, 'broker not reached');
    });
    this.#tick();
  }

  async stop(): Promise<void> {
    this.#cancel();
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    if (client.connected) await this.#sayOffline(client);
    await client.endAsync(true);
  }

  /** The client would wait for the next connection if this one is lost, as it is when the broker stops together with us. */
  async #sayOffline(client: MqttClient): Promise<void> {
    let cancel = (): void => undefined;
    const givenUp = new Promise<void>((resolve) => {
      client.once('close', () => resolve());
      cancel = this.#options.clock.after(goodbyeMs, resolve);
    });
    const said = client.publishAsync(this.#bridgeTopic, '{"state":"offline"}', { qos: 1, retain: true });
    await Promise.race([said.catch(() => undefined), givenUp]);
    cancel();
  }

  stats(): { published: number; reconnects: number; errors: number; connected: boolean } {
    return { ...this.#stats, connected: this.#client?.connected ?? false };
  }

  #tick(): void {
    this.#cancel = this.#options.clock.after(this.#options.everyChange === true ? lookMs / 10 : lookMs, () => {
      this.#report();
      this.#tick();
    });
  }

  #report(): void {
    if (this.#client?.connected !== true) return;
    for (const device of this.#options.devices) this.#reportDevice(device, this.#client);
  }

  #reportDevice(device: MqttDevice, client: MqttClient): void {
    const fault = this.#options.faultOf(device.id);
    const told = this.#told.get(device.id) ?? newTold();
    this.#told.set(device.id, told);
    const online = fault?.kind !== 'silence';
    if (online !== told.online) this.#tellAvailability(device, client, online);
    told.online = online;
    if (fault?.kind === 'message' && fault.fault === 'retained') {
      this.#leaveRetained(device, { told, client });
      return;
    }
    this.#takeBackRetained(device, { told, client });
    const nowMs = this.#options.clock.monotonicMs();
    const due = nowMs - told.atMs >= (this.#options.reportMs ?? 30_000);
    if (!online || fault?.kind === 'exception' || (fault?.kind === 'stuck' && !due)) return;
    const step = this.#options.everyChange === true ? Number.MIN_VALUE : reportableStep;
    if (!due && !this.#hasChanged(device, told, step)) return;
    const values = this.#values(device, fault?.kind === 'stuck' ? told.values : undefined);
    for (const v of values) told.values.set(v.point.point, v.value);
    told.atMs = nowMs;
    this.#publish(device, { told, client, values, fault });
  }

  #publish(device: MqttDevice, { told, client, values, fault }: Publishing): void {
    const { profile } = device;
    const text = sensorMessage({ profile, values, nowMs: this.#options.clock.nowMs(), count: told.count++, fault });
    if (fault?.kind === 'loss' && isLost(told.count, fault.percent)) return;
    const send = (payload: string): void => {
      this.#stats.published++;
      client.publish(fillTopic(profile.mqtt.topic, device), payload, { qos: 0 });
    };
    const what = fault?.kind === 'message' ? fault.fault : undefined;
    if (what === 'reorder' && told.overtaken === undefined) {
      told.overtaken = text;
      return;
    }
    send(text);
    if (what === 'duplicate') send(text);
    if (told.overtaken !== undefined) send(told.overtaken);
    told.overtaken = undefined;
  }

  /** The last message, once, for whoever subscribes later. */
  #leaveRetained(device: MqttDevice, { told, client }: Pick<Publishing, 'told' | 'client'>): void {
    if (told.isRetained) return;
    told.isRetained = true;
    this.#retained.add(device.id);
    const payload = sensorMessage({
      profile: device.profile,
      values: this.#values(device, told.values),
      nowMs: this.#options.clock.nowMs(),
      count: told.count++,
      fault: undefined,
    });
    this.#stats.published++;
    client.publish(fillTopic(device.profile.mqtt.topic, device), payload, { qos: 1, retain: true });
  }

  #takeBackRetained(device: MqttDevice, { told, client }: Pick<Publishing, 'told' | 'client'>): void {
    if (!this.#retained.delete(device.id)) return;
    told.isRetained = false;
    told.atMs = Number.NEGATIVE_INFINITY;
    client.publish(fillTopic(device.profile.mqtt.topic, device), '', { qos: 1, retain: true });
  }

  #tellAvailability(device: MqttDevice, client: MqttClient, online: boolean): void {
    for (const presence of presencesOf(device.profile.mqtt)) {
      const topic = fillTopic(presence.topic, device);
      // Of itself the bridge says so at start and stop.
      if (topic === this.#bridgeTopic) continue;
      const word = online ? presence.online : presence.offline;
      const payload = presence.path === undefined ? word : JSON.stringify({ [presence.path]: word });
      client.publish(topic, payload, { qos: 1, retain: true });
    }
  }

  #hasChanged(device: MqttDevice, told: Told, step: number): boolean {
    if (!this.#mayHaveChanged(device, told)) return false;
    for (const { point, read } of this.#spotsOf(device)) {
      const now = read();
      if (now !== undefined && changed(told.values.get(point.point), now, step)) return true;
    }
    return false;
  }

  /** Some of what is said is another than when it was asked last. */
  #mayHaveChanged(device: MqttDevice, { looked }: Told): boolean {
    let may = false;
    this.#statesOf(device).forEach((state, i) => {
      const now = state();
      may ||= now === undefined || now !== looked[i];
      looked[i] = now;
    });
    return may;
  }

  #values(device: MqttDevice, held: ReadonlyMap<string, PointValue> | undefined): MqttValue[] {
    const values: MqttValue[] = [];
    for (const { point, classUnit, read } of this.#spotsOf(device)) {
      const now = held?.get(point.point) ?? read();
      if (now !== undefined) values.push({ point, value: now, classUnit });
    }
    return values;
  }

  #statesOf(device: MqttDevice): readonly ReadState[] {
    let states = this.#states.get(device.id);
    if (states === undefined) {
      const { stateOf = () => () => undefined } = this.#options;
      states = [...new Set(device.serves.map(({ equipment }) => equipment))].map((equipment) => stateOf(equipment));
      this.#states.set(device.id, states);
    }
    return states;
  }

  #spotsOf(device: MqttDevice): readonly Spot[] {
    let spots = this.#spots.get(device.id);
    if (spots === undefined) {
      spots = spotsOf(device, this.#options);
      this.#spots.set(device.id, spots);
    }
    return spots;
  }
}

/** Where the messages of a device get their values from. */
function spotsOf(device: MqttDevice, { classes, readerOf }: Zigbee2MqttOptions): Spot[] {
  const spots: Spot[] = [];
  for (const point of device.profile.points) {
    for (const { role, equipment } of servedBy(device, point.role)) {
      const classUnit = classes.get(device.profile.serves[role]?.class ?? '')?.points[point.point]?.unit;
      if (classUnit !== undefined) spots.push({ point, classUnit, read: readerOf(equipment, point.point) });
    }
  }
  return spots;
}

export function fillTopic(template: string, device: ServedDevice): string {
  const { parameters, profile } = device;
  return template.replace(/\{([a-z0-9._-]+)\}/g, (_, name: string) =>
    String(parameters[name] ?? profile.parameters?.[name]?.default ?? ''),
  );
}

function changed(before: unknown, now: unknown, step: number): boolean {
  if (typeof before === 'number' && typeof now === 'number') return Math.abs(now - before) >= step;
  return before !== now;
}
