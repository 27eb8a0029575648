import {
  type AlarmCondition,
  type AlarmExpression,
  alarmPriorities,
  type Comparison,
  type EnabledWhen,
  type LimitKind,
} from '@plantroom/contracts';
import type { ClassPoint } from './class-schema.ts';
import { notAllowed } from './nearest.ts';

/** Points of the class that an alarm belongs to, and its name for messages. */
export interface ConditionScope {
  className: string;
  points: Readonly<Record<string, ClassPoint>>;
}

/** What is wrong, for a text in the reader's language: a code and what fills it. */
export interface FaultWords {
  code: string;
  values?: Readonly<Record<string, string | number>>;
}

/** A field within the alarm, what is wrong there, and the same for a text in another language. */
export type ConditionFault = readonly [path: string, message: string, words: FaultWords];

const needsNumber: FaultWords = { code: 'needs-number' };

/** What the schema cannot say about a condition: whether it fits the points that it names. */
export function* conditionFaults(
  condition: AlarmCondition,
  own: ClassPoint,
  scope: ConditionScope,
): Generator<ConditionFault> {
  switch (condition.type) {
    case 'limit':
      yield* limitFaults(condition, own);
      return;
    case 'non-zero':
      if (!isNumber(own) && own.kind !== 'enum')
        yield ['condition', `non-zero needs a number, the point is a ${own.kind}`, needsNumber];
      return;
    case 'off-normal':
      yield* valueFaults(['condition', 'off-normal'], condition.values, own);
      return;
    case 'deviation': {
      if (!isNumber(own)) yield ['condition', `a deviation needs a number, the point is a ${own.kind}`, needsNumber];
      if (condition.above === undefined && condition.below === undefined)
        yield [
          'condition',
          'a deviation needs above, below or both: how far the value may lie from the setpoint',
          { code: 'side-missing' },
        ];
      if (typeof condition.from === 'number') yield* rangeFaults('condition.from', condition.from, own);
      else yield* pathFaults('condition.from', condition.from, { scope, isNumeric: true });
      return;
    }
    case 'rate':
      if (!isNumber(own)) yield ['condition', `a rate needs a number, the point is a ${own.kind}`, needsNumber];
      if (condition.rise === undefined && condition.fall === undefined)
        yield [
          'condition',
          'a rate needs rise, fall or both: by how much the value may change within the window',
          { code: 'side-missing' },
        ];
      return;
    case 'mismatch':
      yield* pathFaults('condition.feedback', condition.feedback, { scope, isNumeric: false });
      if (own.kind === 'string')
        yield ['condition', 'a mismatch needs numbers or booleans, the point is a string', { code: 'no-text' }];
      return;
    case 'count':
      yield* comparisonFaults('condition.of', condition.of, { own, scope });
      return;
    case 'expression':
      yield* expressionFaults('condition.when', condition.when, { own, scope });
      return;
    case 'no-data':
    case 'offline':
      return;
  }
}

export function* enabledWhenFaults(
  { when }: EnabledWhen,
  own: ClassPoint,
  scope: ConditionScope,
): Generator<ConditionFault> {
  yield* expressionFaults('enabledWhen.when', when, { own, scope });
}

/** Per point the limits must rise LL < L < H < HH, else one hides another. */
export function* limitOrderFaults(
  alarms: readonly { point: string; condition: AlarmCondition }[],
): Generator<readonly [message: string, words: FaultWords]> {
  const rising: readonly LimitKind[] = ['LL', 'L', 'H', 'HH'];
  for (const point of new Set(alarms.map((alarm) => alarm.point))) {
    const limits = alarms
      .filter((alarm) => alarm.point === point)
      .flatMap((alarm) => (alarm.condition.type === 'limit' ? [alarm.condition] : []))
      .sort((a, b) => rising.indexOf(a.kind) - rising.indexOf(b.kind));
    for (const [i, limit] of limits.entries()) {
      const below = limits[i - 1];
      if (below && !(below.limit < limit.limit)) {
        const message = `limits of "${point}" must rise: ${below.kind} ${below.limit} is not below ${limit.kind} ${limit.limit}`;
        yield [message, { code: 'limit-order', values: { lower: below.kind, upper: limit.kind } }];
      }
    }
  }
}

function* limitFaults(
  condition: Extract<AlarmCondition, { type: 'limit' }>,
  own: ClassPoint,
): Generator<ConditionFault> {
  if (!isNumber(own)) {
    yield ['condition', `a limit needs a number, the point is a ${own.kind}`, needsNumber];
    return;
  }
  yield* rangeFaults('condition', condition.limit, own, 'limit ');
  const isHigh = condition.kind.startsWith('H');
  let { limit } = condition;
  let rank: number = alarmPriorities.length;
  for (const [i, level] of (condition.levels ?? []).entries()) {
    const path = `condition.levels.${i}`;
    yield* rangeFaults(path, level.limit, own, 'limit ');
    if (isHigh ? level.limit <= limit : level.limit >= limit)
      yield [
        path,
        `limit ${level.limit} must lie ${isHigh ? 'above' : 'below'} the one before it, ${limit}`,
        { code: 'level-order' },
      ];
    if (alarmPriorities.indexOf(level.priority) >= rank)
      yield [
        path,
        `priority "${level.priority}" must be higher than that of the level before it`,
        { code: 'level-order' },
      ];
    limit = level.limit;
    rank = alarmPriorities.indexOf(level.priority);
  }
}

interface Place {
  own: ClassPoint;
  scope: ConditionScope;
}

function* expressionFaults(path: string, of: AlarmExpression, place: Place): Generator<ConditionFault> {
  const { allOf, anyOf, not, ...comparison } = of;
  const joins = [allOf, anyOf, not].filter((part) => part !== undefined).length;
  if (joins === 0) {
    yield* comparisonFaults(path, comparison, place);
    return;
  }
  if (joins > 1 || Object.keys(comparison).length > 0) {
    yield [
      path,
      `${Object.keys(of).join(', ')} together: allowed is one of allOf, anyOf and not, or one comparison`,
      { code: 'one-only' },
    ];
    return;
  }
  for (const [i, part] of (allOf ?? []).entries()) yield* expressionFaults(`${path}.allOf.${i}`, part, place);
  for (const [i, part] of (anyOf ?? []).entries()) yield* expressionFaults(`${path}.anyOf.${i}`, part, place);
  if (not !== undefined) yield* expressionFaults(`${path}.not`, not, place);
}

function* comparisonFaults(path: string, of: Comparison, { own, scope }: Place): Generator<ConditionFault> {
  const said = (['above', 'below', 'is'] as const).filter((key) => of[key] !== undefined);
  if (said.length !== 1) {
    yield [
      path,
      `a comparison needs exactly one of above, below and is, here: ${said.join(', ') || 'none'}`,
      { code: 'one-only' },
    ];
    return;
  }
  if (of.deadband !== undefined && of.is !== undefined)
    yield [path, 'a deadband belongs to above or below', { code: 'one-only' }];
  if (of.point !== undefined) yield* pathFaults(`${path}.point`, of.point, { scope, isNumeric: false });
  const point = of.point === undefined ? own : scope.points[of.point];
  // A point of another equipment: its class is known where the alarm runs.
  if (point === undefined) return;
  if (of.is !== undefined) yield* valueFaults([path, 'is'], of.is, point);
  else if (!isNumber(point))
    yield [path, `above and below need a number, "${of.point ?? 'the point'}" is a ${point.kind}`, needsNumber];
}

function* pathFaults(
  path: string,
  point: string,
  { scope, isNumeric }: { scope: ConditionScope; isNumeric: boolean },
): Generator<ConditionFault> {
  if (point.includes('/')) return;
  const found = scope.points[point];
  if (found === undefined)
    yield [
      path,
      notAllowed(point, `a point of ${scope.className};`, Object.keys(scope.points)),
      { code: 'point-unknown', values: { point } },
    ];
  else if (isNumeric ? !isNumber(found) : found.kind === 'string')
    yield [
      path,
      `"${point}" is a ${found.kind}, allowed are ${isNumeric ? 'numbers' : 'numbers, booleans and enums'}`,
      isNumeric ? needsNumber : { code: 'no-text' },
    ];
}

function* valueFaults(
  [path, what]: readonly [string, string],
  values: readonly (boolean | number)[],
  point: ClassPoint,
): Generator<ConditionFault> {
  if (point.kind === 'boolean') {
    const wrong = values.find((value) => typeof value !== 'boolean');
    if (wrong !== undefined)
      yield [
        path,
        notAllowed(wrong, 'a value of a boolean;', ['true', 'false']),
        { code: 'value-unknown', values: { value: String(wrong) } },
      ];
    return;
  }
  if (point.kind !== 'enum') {
    if (what === 'is' && isNumber(point)) {
      if (values.some((value) => typeof value === 'boolean'))
        yield [
          path,
          'the point is a number, not a boolean',
          { code: 'value-unknown', values: { value: String(values[0]) } },
        ];
    } else yield [path, `${what} needs a boolean or an enum, the point is a ${point.kind}`, { code: 'needs-states' }];
    return;
  }
  const codes = Object.keys(point.states ?? {});
  const wrong = values.find((value) => !codes.includes(String(value)));
  if (wrong !== undefined)
    yield [
      path,
      notAllowed(wrong, 'a state of the point;', codes),
      { code: 'value-unknown', values: { value: String(wrong) } },
    ];
}

function* rangeFaults(path: string, value: number, point: ClassPoint, word = ''): Generator<ConditionFault> {
  const [low, high] = point.range ?? [-Infinity, Infinity];
  if (value < low || value > high)
    yield [
      path,
      `${word}${value} lies outside the point's range [${low}, ${high}]`,
      { code: 'out-of-range', values: { low, high } },
    ];
}

const isNumber = ({ kind }: ClassPoint): boolean => kind === 'number' || kind === 'counter';
