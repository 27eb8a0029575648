import { closed, LocalText, Slug } from '@plantroom/contracts';
import { type DeviceProfile, DurationText, type PointBinding } from '@plantroom/device-profiles';
import Type, { type Static } from 'typebox';

/** The gateway file (YAML). `${NAME}` and `${NAME:-default}` in any text are filled from the environment. */
const Port = Type.Integer({ minimum: 1, maximum: 65535 });

const modbusHead = { id: Slug, protocol: Type.Literal('modbus') };
/** Overrides of what the profiles of the devices on this line ask. */
const lineTiming = {
  /** Left out: each device's own. */
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Left out: each device's own, kept towards whichever device comes next. */
  minRequestGapMs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Left out: the largest that any of its devices asks. */
  connectDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
};

export const ModbusTcpConnection = Type.Object(
  {
    ...modbusHead,
    /** `tcp`: MBAP (a device, or a TCP gateway with several unit ids behind it); `rtu-over-tcp`: serial frames through a transparent converter. */
    transport: Type.Union([Type.Literal('tcp'), Type.Literal('rtu-over-tcp')]),
    host: Type.String({ minLength: 1 }),
    port: Port,
    /** Baud rate of the serial side behind a converter or gateway, for the prediction of `check`; left out: 9600 for rtu-over-tcp, none for tcp. */
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 921_600 })),
    ...lineTiming,
  },
  closed,
);
export type ModbusTcpConnection = Static<typeof ModbusTcpConnection>;

export const ModbusSerialConnection = Type.Object(
  {
    ...modbusHead,
    transport: Type.Literal('rtu'),
    /** Device file of the serial port: /dev/ttyUSB0, COM3. */
    path: Type.String({ minLength: 1 }),
    /** Left out: 9600. */
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 921_600 })),
    /** Left out: none. */
    parity: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')])),
    /** Left out: 1. */
    stopBits: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
    ...lineTiming,
  },
  closed,
);
export type ModbusSerialConnection = Static<typeof ModbusSerialConnection>;

export const ModbusServerConnection = Type.Object(
  {
    ...modbusHead,
    /** The other side dials in: a 4G DTU with serial devices behind it. Several of these connections may share one host and port. */
    transport: Type.Literal('tcp-server'),
    /** Address to listen on. */
    host: Type.String({ minLength: 1 }),
    port: Port,
    /** What the DTU says first, by which it is known: text, or `0x…` for bytes. Left out: any caller is taken, and nothing else may share the port. */
    registration: Type.Optional(Type.String({ minLength: 1 })),
    /** What it says now and then to keep the line open, and what is no answer to anything: text, or `0x…`. Left out: nothing. */
    heartbeat: Type.Optional(Type.String({ minLength: 1 })),
    /** Frames behind it; left out: rtu, which transparent DTUs carry. */
    frames: Type.Optional(Type.Union([Type.Literal('rtu'), Type.Literal('tcp')])),
    /** Baud rate of its serial side, for the prediction of `check`; left out: 9600. */
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 921_600 })),
    ...lineTiming,
  },
  closed,
);
export type ModbusServerConnection = Static<typeof ModbusServerConnection>;

export const ModbusConnection = Type.Union([ModbusTcpConnection, ModbusSerialConnection, ModbusServerConnection]);
export type ModbusConnection = Static<typeof ModbusConnection>;

export const MqttConnection = Type.Object(
  {
    id: Slug,
    protocol: Type.Literal('mqtt'),
    url: Type.String({ pattern: '^(mqtt|mqtts|ws|wss)://' }),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    /** Left out: `<gateway>-<connection id>`. Fixed, because the session is persistent. */
    clientId: Type.Optional(Type.String()),
    /** 5 lets the broker keep more messages in flight (mosquitto: 20 otherwise); left out: 3.1.1, which every broker speaks. */
    version: Type.Optional(Type.Union([Type.Literal('3.1.1'), Type.Literal('5')])),
  },
  closed,
);
export type MqttConnection = Static<typeof MqttConnection>;
export const ConnectionConfig = Type.Union([ModbusConnection, MqttConnection]);
export type ConnectionConfig = ModbusConnection | MqttConnection;

export const ParameterValue = Type.Union([
  Type.String(),
  Type.Number(),
  /** Numbers and ranges: `[1, 4, "10-20"]`. */
  Type.Array(Type.Union([Type.Integer(), Type.String({ pattern: '^\\d+-\\d+$' })])),
]);

const ServedEquipment = Type.Object(
  { equipment: Slug, parameters: Type.Optional(Type.Record(Slug, ParameterValue)) },
  closed,
);

export const DeviceConfig = Type.Object(
  {
    id: Slug,
    profile: Type.String(),
    connection: Slug,
    /** Modbus unit id; left out: 1. */
    unitId: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    parameters: Type.Optional(Type.Record(Slug, ParameterValue)),
    /** Role → equipment id; for a role that serves many, a list. */
    serves: Type.Record(Slug, Type.Union([Slug, ServedEquipment, Type.Array(ServedEquipment)])),
    /** Overrides of the profile's poll periods. */
    poll: Type.Optional(Type.Partial(Type.Object({ fast: DurationText, normal: DurationText, slow: DurationText }))),
    /** Points of the profile that this site does not want. */
    without: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);
export type DeviceConfig = Static<typeof DeviceConfig>;

export const GatewayConfig = Type.Object(
  {
    gateway: Slug,
    site: Slug,
    name: Type.Optional(LocalText),
    connections: Type.Array(ConnectionConfig, { minItems: 1 }),
    devices: Type.Array(DeviceConfig, { minItems: 1 }),
    /** Folders with profiles of one's own (each with profiles/ and classes/), relative to this file. */
    catalogs: Type.Optional(Type.Array(Type.String())),
    uplinks: Type.Object(
      {
        sparkplug: Type.Optional(
          Type.Object(
            {
              url: Type.String({ pattern: '^(mqtt|mqtts|ws|wss)://' }),
              username: Type.Optional(Type.String()),
              password: Type.Optional(Type.String()),
              /** Births wait until this host is online; null: for nobody, as hosts without STATE need it. Left out: `plantroom`. */
              primaryHost: Type.Optional(Type.Union([Type.String({ pattern: '^[^+#/]+$' }), Type.Null()])),
            },
            closed,
          ),
        ),
        lineProtocol: Type.Optional(
          Type.Object(
            {
              /**
               * Base address; `api: v2` posts to /api/v2/write (InfluxDB 2, Plantroom's historian), `v1` to /write (InfluxDB 1),
               * `v3` to /api/v3/write_lp (InfluxDB 3). v2 and v3 are as InfluxData documents them. Left out: the receiver is asked at /ping.
               */
              url: Type.String({ pattern: '^https?://' }),
              api: Type.Optional(Type.Union([Type.Literal('v1'), Type.Literal('v2'), Type.Literal('v3')])),
              token: Type.Optional(Type.String()),
              /** In place of a token, for InfluxDB 1 with a password. */
              username: Type.Optional(Type.String({ minLength: 1 })),
              password: Type.Optional(Type.String()),
              org: Type.Optional(Type.String()),
              /** Bucket, or database for v1 and v3. Left out: plantroom. */
              bucket: Type.Optional(Type.String()),
              /** v1 only. Left out: the database's default. */
              retentionPolicy: Type.Optional(Type.String({ minLength: 1 })),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    outbox: Type.Object(
      {
        /** SQLite file, relative to the data folder. */
        file: Type.String({ minLength: 1 }),
        /** Left out: 256 MiB. */
        maxBytes: Type.Optional(Type.Integer({ minimum: 1_048_576 })),
        /** Left out: 30 days. */
        maxAge: Type.Optional(DurationText),
      },
      closed,
    ),
    /** How writable points are set; left out: as said below. */
    commands: Type.Optional(
      Type.Object(
        {
          /** How long the wanted value may take to be read back, beside what the device itself needs. Left out: 10s. */
          verify: Type.Optional(DurationText),
          /** Older commands are not obeyed. Left out: 30s. */
          maxAge: Type.Optional(DurationText),
        },
        closed,
      ),
    ),
    /** Prometheus /metrics and /health of the gateway on loopback; left out: none. */
    metricsPort: Type.Optional(Port),
  },
  closed,
);
export type GatewayConfig = Static<typeof GatewayConfig>;

/** A configured device with everything resolved: what drivers, pipeline and uplinks work from. */
export interface DeviceRuntime {
  id: string;
  profile: DeviceProfile;
  /** Id of its connection; hosts are told. */
  connection: string;
  unitId: number;
  bindings: readonly PointBinding[];
  pollMs: { fast: number; normal: number; slow: number };
  /** Silence limit of a binding, ms: the profile's polls × period, or its time. */
  silenceMs(binding: PointBinding): number;
  parameters: Readonly<Record<string, string | number | readonly number[]>>;
}
