import { dirname, resolve } from 'node:path';
import { type Problem, ProblemsError } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { readYaml } from '../read-yaml.ts';

const closed = { additionalProperties: false };

const PlannedDevice = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    profile: Type.String(),
    /** Relative to the plan. */
    csv: Type.String({ minLength: 1 }),
    /** Of a Modbus device; devices with the same port are units of one line. 0: any free one, printed. */
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    /** Left out: 1. */
    unitId: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    /** Of a profile that serves several; left out: its only one. */
    role: Type.Optional(Type.String()),
    /** Column → point; left out: by name. */
    columns: Type.Optional(Type.Record(Type.String(), Type.String())),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    /** Unit of the numbers: the one that the device delivers, or the class's base unit, as an exported data set has it. Left out: device. */
    units: Type.Optional(Type.Union([Type.Literal('device'), Type.Literal('class')])),
  },
  closed,
);
export type PlannedDevice = Static<typeof PlannedDevice>;

const ReplayPlan = Type.Object(
  {
    /** Times faster than recorded; left out: 1. */
    speed: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100_000 })),
    /** All begin again together when the longest is over; left out: the last rows stand. */
    loop: Type.Optional(Type.Boolean()),
    /** Left out: a semicolon. */
    separator: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    /** Folders with profiles of one's own, relative to the plan. */
    catalogs: Type.Optional(Type.Array(Type.String())),
    devices: Type.Array(PlannedDevice, { minItems: 1 }),
  },
  closed,
);
export type ReplayPlan = Static<typeof ReplayPlan>;

/** Paths in it are absolute. Throws REPLAY_INVALID with every fault: path, value and what is allowed. */
export function readReplayPlan(file: string): ReplayPlan {
  const { data, problem } = readYaml(file, ReplayPlan, 'REPLAY_INVALID');
  const problems: Problem[] = [];
  data.devices.forEach(({ id, port, unitId = 1 }, i) => {
    const before = data.devices.slice(0, i);
    if (before.some((one) => one.id === id)) problems.push(problem(['devices', i, 'id'], `is "${id}" a second time`));
    const taken = before.find(
      (one) => port !== undefined && port !== 0 && one.port === port && (one.unitId ?? 1) === unitId,
    );
    if (taken !== undefined)
      problems.push(problem(['devices', i, 'unitId'], `is ${unitId}, which ${taken.id} is on port ${port} already`));
  });
  if (problems.length > 0) throw new ProblemsError('REPLAY_INVALID', problems);
  const from = (path: string): string => resolve(dirname(file), path);
  return {
    ...data,
    catalogs: (data.catalogs ?? []).map(from),
    devices: data.devices.map((device) => ({ ...device, csv: from(device.csv) })),
  };
}
