import { isBaseUnit, type Problem, unit, unitNames } from '@plantroom/contracts';
import { conditionFaults, enabledWhenFaults, limitOrderFaults } from './check-condition.ts';
import type { ClassAlarm, ClassPoint, EquipmentClass } from './class-schema.ts';
import { inputsOf } from './decode/derived.ts';
import { parseDuration } from './duration.ts';
import { notAllowed } from './nearest.ts';
import type { YamlFile } from './yaml-file.ts';

/** Longest on-delay that a life-safety signal may need. */
const lifeSafetyDelayMs = 5000;
/** Systems of which no class may ever be written to. */
const readOnlySystems: readonly string[] = ['elevators', 'fire'];

/** What the schema cannot say about a class. */
export function checkClass(found: EquipmentClass, file: YamlFile): Problem[] {
  const problems: Problem[] = [];
  const say = (path: (string | number)[], message: string) => problems.push(file.problem(path, message));
  if (readOnlySystems.includes(found.system) && found.readOnly !== true) {
    say(['readOnly'], `must be true: classes of ${readOnlySystems.join(' and ')} have no write path`);
  }
  for (const [id, point] of Object.entries(found.points)) {
    for (const [field, message] of pointFaults(point)) say(['points', id, field], message);
  }
  for (const [id, message] of derivationFaults(found)) say(['points', id, 'derive'], message);
  for (const [id, alarm] of Object.entries(found.alarms)) {
    const point = found.points[alarm.point];
    if (point === undefined) {
      say(['alarms', id, 'point'], notAllowed(alarm.point, `a point of ${found.class};`, Object.keys(found.points)));
    } else {
      const scope = { className: found.class, points: found.points };
      const faults = [...conditionFaults(alarm.condition, point, scope)];
      if (alarm.enabledWhen) faults.push(...enabledWhenFaults(alarm.enabledWhen, point, scope));
      for (const [field, message] of faults) say(['alarms', id, ...field.split('.')], message);
    }
    for (const [field, message] of alarmFaults(alarm, found)) say(['alarms', id, field], message);
  }
  for (const [message] of limitOrderFaults(Object.values(found.alarms))) say(['alarms'], message);
  return problems;
}

function* pointFaults(point: ClassPoint): Generator<[string, string]> {
  const numeric = point.kind === 'number' || point.kind === 'counter';
  if (!isBaseUnit(point.unit)) {
    const { quantity } = unit(point.unit);
    const base = unitNames.find((name) => unit(name).quantity === quantity && isBaseUnit(name));
    yield ['unit', `"${point.unit}" is not a base unit; classes use "${base}" for ${quantity}`];
  }
  if (numeric && point.range === undefined) yield ['range', `a ${point.kind} needs a plausible range [low, high]`];
  if (point.range && !(point.range[0] < point.range[1])) yield ['range', `[${point.range}] must rise`];
  if (point.kind === 'enum' && Object.keys(point.states ?? {}).length === 0) yield ['states', 'an enum needs states'];
  if (point.kind !== 'enum' && point.states) yield ['states', `only an enum has states, this is a ${point.kind}`];
  if (point.kind !== 'boolean' && point.words) yield ['words', `only a boolean has words, this is a ${point.kind}`];
  if (!numeric && point.range) yield ['range', `only numbers and counters have a range, this is a ${point.kind}`];
  if (!numeric && point.deadband) yield ['deadband', `only numbers have a deadband, this is a ${point.kind}`];
}

function* derivationFaults({ class: name, points }: EquipmentClass): Generator<[string, string]> {
  const reaches = (from: string, seen: ReadonlySet<string> = new Set()): boolean => {
    const derive = points[from]?.derive;
    if (seen.has(from)) return true;
    return derive !== undefined && inputsOf(derive).some((input) => reaches(input, new Set([...seen, from])));
  };
  for (const [id, point] of Object.entries(points)) {
    if (!point.derive) continue;
    if (point.kind !== 'number') yield [id, `only a number is derived, this is a ${point.kind}`];
    for (const input of inputsOf(point.derive)) {
      const from = points[input];
      if (!from) yield [id, notAllowed(input, `a point of ${name};`, Object.keys(points))];
      else if (from.kind !== 'number') yield [id, `"${input}" is a ${from.kind}, a derivation needs numbers`];
      else if ('unbalance' in point.derive ? from.unit !== 'V' : !('ratio' in point.derive) && from.unit !== point.unit)
        yield [id, `"${input}" is in ${from.unit}, not ${'unbalance' in point.derive ? 'V' : point.unit}`];
    }
    if (reaches(id)) yield [id, `"${id}" would be derived from itself`];
  }
}

function* alarmFaults(alarm: ClassAlarm, found: EquipmentClass): Generator<[string, string]> {
  const modes = Object.keys(found.failureModes);
  if (alarm.opensOrder && alarm.failureMode === undefined) {
    yield ['failureMode', `an alarm that opens an order needs a failure mode: ${modes.join(', ')}`];
  }
  if (alarm.failureMode !== undefined && !modes.includes(alarm.failureMode)) {
    yield ['failureMode', notAllowed(alarm.failureMode, `a failure mode of ${found.class};`, modes)];
  }
  if (alarm.lifeSafety !== true) return;
  // What the equipment does not say itself takes as long as its physics needs; its points are of no lane of their own.
  const isDerived = alarm.condition.type === 'expression';
  if (!isDerived && parseDuration(alarm.onDelay) > lifeSafetyDelayMs) {
    yield ['onDelay', `${alarm.onDelay} is longer than the 5s that a life-safety alarm may wait`];
  }
  if (!isDerived && found.points[alarm.point] && found.points[alarm.point]?.lane !== 'safety') {
    yield ['point', `"${alarm.point}" must be in lane safety: a life-safety alarm hangs on it`];
  }
}
