import { type AlarmDefinition, AlarmGuidance, type AlarmOverride, parsePointId } from '@plantroom/contracts';
import {
  type ClassPoint,
  type ConditionFault,
  conditionFaults,
  type EquipmentClass,
  enabledWhenFaults,
  type FaultWords,
  limitOrderFaults,
} from '@plantroom/device-profiles';
import { lifeSafetyDelayMs } from './life-safety.ts';
import type { FindPoint } from './signal-plan.ts';

export interface OverrideFault {
  /** Field of the override. */
  field: string;
  /** What is wrong there, the value and what is allowed. */
  message: string;
  /** The same for a text in the reader's language. */
  words: FaultWords;
}

/** The alarm as the site wants it. `base`: as the class has it, with the limits of its point; undefined: an alarm of the site's own. */
export function overridden(
  { id, equipment, override }: { id: string; equipment: string; override: AlarmOverride },
  base: AlarmDefinition | undefined,
): AlarmDefinition | null {
  const { reason: _, guidance, enabledWhen, ...changes } = override;
  const { enabledWhen: held, ...rest } = base ?? {};
  const when = enabledWhen === undefined ? held : (enabledWhen ?? undefined);
  const own: Partial<AlarmDefinition> = {
    id,
    source: id.slice(0, id.indexOf('#')),
    equipment,
    enabled: true,
    onDelayMs: 0,
    offDelayMs: 0,
    latching: false,
    lifeSafety: false,
    opensOrder: false,
  };
  const made: Draft = {
    ...own,
    ...rest,
    ...changes,
    origin: 'site' as const,
    ...(when === undefined ? {} : { enabledWhen: when }),
    guidance: { ...base?.guidance, ...guidance },
  };
  return isWhole(made) ? made : null;
}

/** What is wrong with an override. Empty: it can be put in force. */
export function overrideFaults(
  { id, equipment, override }: { id: string; equipment: string; override: AlarmOverride },
  context: {
    base: AlarmDefinition | undefined;
    class: EquipmentClass | undefined;
    /** The other alarms of the equipment, as they are in force. */
    others: readonly AlarmDefinition[];
    find: FindPoint;
  },
): OverrideFault[] {
  const { base } = context;
  const faults: OverrideFault[] = [];
  const say = (field: string, message: string, words: FaultWords) => faults.push({ field, message, words });
  if (base === undefined) {
    if (override.condition === undefined)
      say('condition', 'is missing: no class has this alarm, so it must say all', missing);
    if (override.priority === undefined)
      say('priority', 'is missing: allowed are critical, high, medium, low', missing);
    for (const field of Object.keys(AlarmGuidance.properties)) {
      if (override.guidance?.[field as keyof AlarmGuidance] === undefined)
        say(`guidance.${field}`, 'is missing: an alarm without it cannot be enabled (ISA-18.2)', missing);
    }
  }
  const wanted = overridden({ id, equipment, override }, base);
  if (wanted === null || faults.length > 0) return faults;
  for (const [field, message] of lifeSafetyFaults(wanted, override)) say(field, message, { code: 'life-safety' });
  const modes = context.class?.failureModes ?? {};
  if (wanted.opensOrder && wanted.failureMode === undefined)
    say('failureMode', `is missing: an alarm that opens an order needs one of ${Object.keys(modes).join(', ')}`, {
      code: 'failure-mode-missing',
    });
  if (
    override.failureMode !== undefined &&
    override.failureMode !== base?.failureMode &&
    !(override.failureMode in modes)
  )
    say('failureMode', `"${override.failureMode}" is not allowed: ${Object.keys(modes).join(', ')}`, {
      code: 'value-unknown',
      values: { value: override.failureMode },
    });
  for (const [field, message, words] of definitionFaults(wanted, context)) say(field, message, words);
  const limits = [
    ...context.others.filter((other) => other.enabled && other.id !== id),
    ...(wanted.enabled ? [wanted] : []),
  ];
  const named = limits.map(({ source, condition }) => ({ point: source.split('/').at(-1) ?? source, condition }));
  for (const [message, words] of limitOrderFaults(named)) say('condition', message, words);
  return faults;
}

function* lifeSafetyFaults(wanted: AlarmDefinition, override: AlarmOverride): Generator<[string, string]> {
  if (!wanted.lifeSafety) return;
  if (!wanted.enabled)
    yield ['enabled', 'an alarm of life safety cannot be disabled; for planned work there is a test mode'];
  if (override.enabledWhen !== undefined && override.enabledWhen !== null)
    yield ['enabledWhen', 'an alarm of life safety counts in the operating states that its class says'];
  if (wanted.priority !== 'critical')
    yield ['priority', `"${wanted.priority}" is not allowed: an alarm of life safety is critical`];
  if (override.onDelayMs !== undefined && override.onDelayMs > lifeSafetyDelayMs)
    yield ['onDelayMs', `${override.onDelayMs} is longer than the ${lifeSafetyDelayMs} that life safety may wait`];
}

/** Whether condition and operating states fit the points that they name, and whether those are delivered. */
export function* definitionFaults(
  wanted: Pick<AlarmDefinition, 'source' | 'condition' | 'enabledWhen'>,
  context: { class: EquipmentClass | undefined; find: FindPoint },
): Generator<ConditionFault> {
  const points = context.class?.points;
  const own = points?.[parsePointId(wanted.source).point];
  if (points !== undefined && own !== undefined) {
    const scope = { className: context.class?.class ?? '', points };
    yield* conditionFaults(wanted.condition, own, scope);
    if (wanted.enabledWhen !== undefined) yield* enabledWhenFaults(wanted.enabledWhen, own, scope);
  } else yield* unknownPointFaults(wanted);
  const { condition, enabledWhen } = wanted;
  for (const [field, path] of farPaths({ condition, enabledWhen })) {
    if (context.find(path) === null)
      yield [
        field,
        `"${path}" leads to no point that is delivered; allowed are parent/… and depends-on:<class>/…`,
        { code: 'path-nowhere', values: { path } },
      ];
  }
}

/** Of a point that no class knows only its values are known. */
function* unknownPointFaults({ condition }: Pick<AlarmDefinition, 'condition'>): Generator<ConditionFault> {
  const anything: ClassPoint = { name: { zh: '', en: '' }, kind: 'number', unit: 'none' };
  if (condition.type === 'limit' || condition.type === 'rate')
    yield* conditionFaults(condition, anything, { className: '', points: {} });
}

/** Points of other equipment, each with the field that names it. */
function farPaths(of: unknown, at = ''): [field: string, path: string][] {
  if (typeof of !== 'object' || of === null) return [];
  return Object.entries(of).flatMap(([key, value]): [string, string][] => {
    const field = at === '' ? key : `${at}.${key}`;
    const namesPoint = key === 'point' || key === 'feedback' || key === 'from';
    if (!namesPoint || typeof value !== 'string') return farPaths(value, field);
    return value.includes('/') ? [[field, value]] : [];
  });
}

const missing: FaultWords = { code: 'missing' };

type Draft = Omit<Partial<AlarmDefinition>, 'guidance'> & { guidance: Partial<AlarmGuidance> };

function isWhole(made: Draft): made is Draft & AlarmDefinition {
  return (
    made.condition !== undefined &&
    made.priority !== undefined &&
    Object.keys(AlarmGuidance.properties).every((field) => made.guidance?.[field as keyof AlarmGuidance] !== undefined)
  );
}
