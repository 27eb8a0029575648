import { parseDuration } from '@plantroom/device-profiles';
import type { Occurrence } from '../../../simulators/src/export/fault-plan.ts';
import { faultCatalogue } from '../../../simulators/src/faults/catalogue.ts';
import { overlapOf, segmentsOf } from '../segments.ts';
import type { DemoPlant } from './demo-plant.ts';
import type { Scenario } from './schema.ts';

interface Found {
  path: string;
  message: string;
}

/** What the schema cannot know: whether what is named is there, and whether the times follow each other. Pure. */
export function checkScenario(scenario: Scenario, plant: DemoPlant): Found[] {
  const found: Found[] = [];
  const tell = (path: string, message: string): void => void found.push({ path, message });
  const endMs = parseDuration(scenario.duration);
  const times = (path: string, { at, until }: { at: string; until?: string | undefined }): void => {
    if (parseDuration(at) >= endMs) tell(`${path}/at`, `is ${at}; the scenario ends at ${scenario.duration}`);
    if (until !== undefined && parseDuration(until) <= parseDuration(at))
      tell(`${path}/until`, `is ${until}; allowed is later than ${at}`);
    if (until !== undefined && parseDuration(until) > endMs)
      tell(`${path}/until`, `is ${until}; the scenario ends at ${scenario.duration}`);
  };
  const window = (path: string, { after, before }: { after: string; before: string }): void => {
    if (parseDuration(before) <= parseDuration(after))
      tell(`${path}/before`, `is ${before}; allowed is later than ${after}`);
    if (parseDuration(before) > endMs)
      tell(`${path}/before`, `is ${before}; the scenario ends at ${scenario.duration}`);
  };
  const alarm = (path: string, id: string): void => {
    if (!plant.alarms.has(id)) tell(path, `is "${id}"; ${insteadOf(id, [...plant.alarms.keys()])}`);
  };
  const unit = (path: string, id: string): void => {
    if (!plant.classes.has(id)) tell(path, `is "${id}"; allowed: ${[...plant.classes.keys()].join(', ')}`);
  };
  const order = (path: string, { equipment, failureMode }: { equipment: string; failureMode: string }): void => {
    const ofClass = plant.classes.get(equipment);
    if (ofClass === undefined) {
      tell(`${path}/equipment`, `is "${equipment}"; allowed: ${[...plant.classes.keys()].join(', ')}`);
      return;
    }
    const modes = [...(plant.failureModes.get(ofClass)?.keys() ?? [])];
    if (!modes.includes(failureMode))
      tell(`${path}/failureMode`, `is "${failureMode}"; allowed for ${equipment}: ${modes.join(', ')}`);
  };

  for (const list of ['faults', 'activities'] as const)
    (scenario[list] ?? []).forEach((one, i) => {
      times(`/${list}/${i}`, one);
      for (const { path, message } of occurrence(one, { list, plant }))
        tell(`/${list}/${i}${path === '' ? '' : `/${path}`}`, message);
    });
  (scenario.line ?? []).forEach((event, i) => {
    times(`/line/${i}`, event);
    if (!('cut' in event)) return;
    const allowed = ['uplink', 'broker', ...plant.connections];
    if (!allowed.includes(event.cut)) tell(`/line/${i}/cut`, `is "${event.cut}"; allowed: ${allowed.join(', ')}`);
  });
  (scenario.operators ?? []).forEach((act, i) => {
    times(`/operators/${i}`, act);
    if ('alarm' in act) alarm(`/operators/${i}/alarm`, act.alarm);
    else if ('startTest' in act)
      for (const [j, id] of act.startTest.equipment.entries()) unit(`/operators/${i}/startTest/equipment/${j}`, id);
    else if ('endTest' in act) unit(`/operators/${i}/endTest`, act.endTest);
    else order(`/operators/${i}/order`, act.order);
  });
  scenario.expect.alarms.forEach((expected, i) => {
    const path = `/expect/alarms/${i}`;
    alarm(`${path}/alarm`, expected.alarm);
    if (expected.suppressed !== undefined) alarm(`${path}/suppressed`, expected.suppressed);
    window(path, expected);
    if (expected.returns !== undefined) window(`${path}/returns`, expected.returns);
    for (const [j, each] of (expected.told ?? []).entries()) window(`${path}/told/${j}`, each);
  });
  scenario.expect.orders.forEach((expected, i) => {
    order(`/expect/orders/${i}`, expected);
    if (expected.after !== undefined && parseDuration(expected.before) <= parseDuration(expected.after))
      tell(`/expect/orders/${i}/before`, `is ${expected.before}; allowed is later than ${expected.after}`);
    if (parseDuration(expected.before) > endMs)
      tell(`/expect/orders/${i}/before`, `is ${expected.before}; the scenario ends at ${scenario.duration}`);
  });
  (scenario.expect.states ?? []).forEach((expected, i) => {
    const path = `/expect/states/${i}`;
    alarm(`${path}/alarm`, expected.alarm);
    times(path, expected);
  });
  (scenario.expect.floods ?? []).forEach((expected, i) => {
    const path = `/expect/floods/${i}`;
    window(path, expected);
    if (expected.ends !== undefined) window(`${path}/ends`, expected.ends);
  });
  found.push(...segmentProblems(scenario, plant));
  return found;
}

/** What a later segment would not know of, because its line was not there when it began. */
function segmentProblems(scenario: Scenario, plant: DemoPlant): Found[] {
  const { segments = 1, faults, line = [], operators = [] } = scenario;
  if (segments === 1) return [];
  const overlapMs = overlapOf(plant);
  const found: Found[] = [];
  const minutes = (ms: number): string => `${ms / 60_000}min`;
  if (faults.length > 0)
    found.push({ path: '/segments', message: `is ${segments}; allowed with faults: 1, for they leave their traces` });
  const all = segmentsOf(scenario, overlapMs);
  for (const { openMs, fromMs, toMs } of all)
    if (toMs - fromMs <= overlapMs)
      found.push({
        path: '/segments',
        message: `is ${segments}; the one from ${minutes(fromMs)} to ${minutes(toMs)} is shorter than the overlap of ${minutes(overlapMs)}`,
      });
    else if (openMs > 0)
      for (const [list, events] of Object.entries({ line, operators }))
        events.forEach(({ at, ...event }, i) => {
          const untilMs = parseDuration('until' in event ? (event.until ?? at) : at);
          if (parseDuration(at) <= fromMs && untilMs >= openMs)
            found.push({
              path: `/${list}/${i}/at`,
              message: `is ${at}; allowed is outside of ${minutes(openMs)} to ${minutes(fromMs)}, where one segment goes over into the next`,
            });
        });
  return found;
}

function occurrence(
  { equipment, fault, point }: Occurrence,
  { list, plant }: { list: 'faults' | 'activities'; plant: DemoPlant },
): Found[] {
  const isActivity = faultCatalogue.find(({ id }) => id === fault)?.kind === 'activity';
  if (isActivity !== (list === 'activities') && faultCatalogue.some(({ id }) => id === fault))
    return [{ path: 'fault', message: `is "${fault}", which belongs under /${isActivity ? 'activities' : 'faults'}` }];
  const problem = plant.faultProblem({ equipment, fault, ...(point === undefined ? {} : { point }) });
  return problem === undefined ? [] : [{ path: '', message: problem }];
}

/** There are hundreds: those of the same equipment, or what it may be of. */
function insteadOf(id: string, all: readonly string[]): string {
  const [owner = ''] = id.split(/[/#]/);
  const near = all.filter((one) => one.startsWith(`${owner}/`) || one.startsWith(`${owner}#`));
  if (near.length > 0) return `alarms of ${owner} that its devices can give: ${near.join(', ')}`;
  const owners = [...new Set(all.map((one) => one.split(/[/#]/)[0]))];
  return `there are alarms of ${owners.join(', ')}`;
}
