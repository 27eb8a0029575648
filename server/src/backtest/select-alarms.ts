import type { AlarmDefinition, BacktestChange, BacktestRequest, LocalText } from '@plantroom/contracts';
import { PlantroomError } from '@plantroom/contracts';
import { type AlarmRule, isSignal } from '../domain/alarms/condition.ts';
import { type FindPoint, planSignal } from '../domain/alarms/signal-plan.ts';
import type { ValueKind } from './bucket-bounds.ts';
import type { TriedAlarm } from './run-backtest.ts';

/** More are refused: their results would fill the memory. */
export const mostAlarms = 5_000;

export interface AlarmSources {
  /** Of the equipment that the request may name: id and class. */
  equipment: Iterable<{ id: string; class: string }>;
  /** Also those that are disabled; empty: unknown equipment. */
  definitionsOf: (equipment: string) => readonly AlarmDefinition[];
  /** Kind of value of a point; null: there is no such point. */
  kindOf: (point: string) => 'number' | 'boolean' | 'enum' | 'counter' | 'string' | null;
  nameOf: (point: string) => LocalText;
  finder: (equipment: string) => FindPoint;
}

export interface SelectedAlarm {
  id: string;
  source: string;
  equipment: string | null;
  name: LocalText;
  /** Null: `skipped` says why it cannot be tried. */
  tried: TriedAlarm | null;
  skipped: 'no-telemetry' | 'link' | null;
}

/** What is wrong with a request: `field` says where. */
export class BacktestRefusal extends PlantroomError {
  readonly field: string;

  constructor(field: string, message: string) {
    super('INVALID_REQUEST', message);
    this.name = 'BacktestRefusal';
    this.field = field;
  }
}

/** Pure. The alarms that a request names, each as in force and as proposed. Throws BacktestRefusal. */
export function selectAlarms(request: BacktestRequest, sources: AlarmSources): SelectedAlarm[] {
  const definitions = new Map<string, AlarmDefinition>();
  const take = (all: readonly AlarmDefinition[]): void => {
    for (const definition of all) definitions.set(definition.id, definition);
  };
  for (const { id, class: its } of sources.equipment) {
    if (request.all === true || its === request.class || request.equipment?.includes(id)) {
      take(sources.definitionsOf(id));
    }
  }
  const fresh = new Set<string>();
  for (const [at, id] of (request.alarms ?? []).entries()) {
    const known = sources.definitionsOf(equipmentOf(id)).find((each) => each.id === id);
    if (known !== undefined) definitions.set(id, known);
    else {
      definitions.set(id, newDefinition(id, { at, request, sources }));
      fresh.add(id);
    }
  }
  if (definitions.size === 0) {
    throw new BacktestRefusal('alarms', 'no alarm is named: give alarms, equipment, class or all');
  }
  if (definitions.size > mostAlarms) {
    throw new BacktestRefusal(
      'alarms',
      `${definitions.size} alarms are named, at most ${mostAlarms} are tried at once`,
    );
  }
  for (const [at, { alarm }] of request.changes.entries()) {
    if (alarm !== undefined && !definitions.has(alarm)) {
      throw new BacktestRefusal(`changes/${at}/alarm`, `"${alarm}" is not among the alarms of the backtest`);
    }
  }
  return [...definitions.values()].map((definition) => {
    const proposed = proposedOf(definition, request.changes);
    return selected(fresh.has(definition.id) ? null : definition, proposed, sources);
  });
}

const equipmentOf = (alarm: string): string => alarm.split('/').slice(0, 2).join('/');

function newDefinition(
  id: string,
  { at, request, sources }: { at: number; request: BacktestRequest; sources: AlarmSources },
): AlarmDefinition {
  const [source = '', rule] = id.split('#');
  const change = request.changes.find((each) => each.alarm === id);
  if (rule === undefined || sources.kindOf(source) === null) {
    throw new BacktestRefusal(`alarms/${at}`, `there is no alarm "${id}", nor its point "${source}"`);
  }
  if (change?.condition === undefined) {
    throw new BacktestRefusal(`alarms/${at}`, `there is no alarm "${id}" yet: a change has to give its condition`);
  }
  const name = sources.nameOf(source);
  return {
    id,
    source,
    equipment: equipmentOf(id),
    origin: 'site',
    enabled: true,
    condition: change.condition,
    onDelayMs: 0,
    offDelayMs: 0,
    priority: 'medium',
    latching: false,
    lifeSafety: false,
    opensOrder: false,
    guidance: { name, cause: name, consequence: name, response: name, timeToRespondMs: 0 },
  };
}

function proposedOf(definition: AlarmDefinition, changes: readonly BacktestChange[]): AlarmDefinition {
  let proposed = definition;
  for (const [at, change] of changes.entries()) {
    if (change.alarm !== undefined && change.alarm !== definition.id) continue;
    proposed = changed(proposed, change, at);
  }
  return proposed;
}

function changed(definition: AlarmDefinition, change: BacktestChange, at: number): AlarmDefinition {
  const { alarm, limit, deadband, enabledWhen, condition: given, ...rest } = change;
  let condition = given ?? definition.condition;
  for (const [field, value] of Object.entries({ limit, deadband })) {
    if (value === undefined) continue;
    if (condition.type === 'limit') condition = { ...condition, [field]: value };
    // Said of one alarm it is a mistake; said of all it is meant for those that have one.
    else if (alarm !== undefined) {
      const why = `"${definition.id}" is of type ${condition.type}; only type limit has a ${field}`;
      throw new BacktestRefusal(`changes/${at}/${field}`, why);
    }
  }
  const { enabledWhen: held, ...others } = definition;
  const when = enabledWhen === undefined ? held : (enabledWhen ?? undefined);
  return { ...others, ...rest, condition, ...(when === undefined ? {} : { enabledWhen: when }) };
}

function selected(
  inForce: AlarmDefinition | null,
  proposed: AlarmDefinition,
  { kindOf, finder }: AlarmSources,
): SelectedAlarm {
  const { id, source, equipment, guidance } = proposed;
  const about = { id, source, equipment, name: guidance.name };
  const kind = kindOf(source);
  if (proposed.condition.type === 'offline') return { ...about, tried: null, skipped: 'link' };
  const points = [inForce, proposed].flatMap((each) => (each === null ? [] : pointsOf(each, finder)));
  // Texts are no telemetry: nothing of them is in the history.
  if (kind === null || points.some((point) => kindOf(point) === 'string')) {
    return { ...about, tried: null, skipped: 'no-telemetry' };
  }
  const trialOf = (definition: AlarmDefinition | null) =>
    definition?.enabled ? { rule: ruleOf(definition), plan: planOf(definition, finder) } : null;
  const kinds = new Map(
    points.map((point): [string, ValueKind] => [point, kindOf(point) === 'boolean' ? 'boolean' : 'number']),
  );
  const tried = { id, source, kinds, before: trialOf(inForce), after: trialOf(proposed) };
  return { ...about, tried, skipped: null };
}

const ruleOf = ({ condition, enabledWhen, onDelayMs, offDelayMs }: AlarmDefinition): AlarmRule => ({
  condition,
  ...(enabledWhen === undefined ? {} : { enabledWhen }),
  onDelayMs,
  offDelayMs,
});

const planOf = (definition: AlarmDefinition, finder: AlarmSources['finder']) =>
  isSignal(definition) ? planSignal(definition, finder(definition.equipment ?? '')) : null;

const pointsOf = (definition: AlarmDefinition, finder: AlarmSources['finder']): readonly string[] =>
  planOf(definition, finder)?.points ?? [definition.source];
