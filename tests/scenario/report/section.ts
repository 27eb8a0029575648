import type { LocalText } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { Occurrence } from '../../../simulators/src/export/fault-plan.ts';
import { faultCatalogue } from '../../../simulators/src/faults/catalogue.ts';
import type { DemoPlant } from '../file/demo-plant.ts';
import type { OperatorAct } from '../file/schema.ts';
import { leadName } from '../judge.ts';
import type { ScenarioResult } from '../run-scenario.ts';
import { both, escaped, spanText, timeText, words } from './text.ts';
import { type Lane, type Span, timeline } from './timeline.ts';
import { trends } from './trends.ts';

/** What is told of one scenario. Pure. */
export function section(result: ScenarioResult, plant: DemoPlant): string {
  const { scenario, complaints, simulatedMs, wallMs, leadMs } = result;
  const ok = complaints.length === 0;
  const facts = [
    [words.start, scenario.start],
    [words.seed, String(scenario.seed)],
    [words.settle, scenario.settle],
    [words.simulated, spanText(simulatedMs)],
    [words.wall, spanText(wallMs)],
  ] as const;
  const leads = scenario.faults.flatMap(({ equipment, fault }) => {
    const ms = leadMs.get(leadName({ equipment, fault }));
    return ms === undefined
      ? []
      : [`<span>${both(words.lead)}: ${spanText(ms)} · ${both(occurrenceName({ equipment, fault }, plant))}</span>`];
  });
  const onsetsMs = [...scenario.faults, ...(scenario.activities ?? [])].map(({ at }) => parseDuration(at));
  const charts = trends(result, plant, onsetsMs);
  return `<section class="panel" id="${scenario.scenario}">
<h2>${both(scenario.title)} <code>${scenario.scenario}</code></h2>
<p class="about">${both(scenario.about)}</p>
<p class="facts"><span class="verdict${ok ? '' : ' bad'}">${both(ok ? words.passed : words.failed)}</span>${facts.map(([name, value]) => `<span>${both(name)}: ${escaped(value)}</span>`).join('')}${[...new Set(leads)].join('')}</p>
${ok ? '' : `<ul class="complaints">${complaints.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`}
<h3>${both(words.timeline)}</h3><div class="scroll">${timeline(lanesOf(result, plant), spanOf(result))}</div>
${alarmTable(result, plant)}${orderTable(result, plant)}
${charts === '' ? '' : `<h3>${both(words.trends)}</h3><div class="trends">${charts}</div>`}
</section>`;
}

function spanOf({ scenario }: ScenarioResult): { fromMs: number; toMs: number } {
  return { fromMs: -parseDuration(scenario.settle), toMs: parseDuration(scenario.duration) };
}

function lanesOf(result: ScenarioResult, plant: DemoPlant): Lane[] {
  const { scenario, alarms, orders, told, samples } = result;
  const endMs = parseDuration(scenario.duration);
  const ofOccurrence = ({ at, until, equipment, fault, ramp }: Occurrence): Span => {
    const key = leadName({ equipment, fault });
    const level = samples.flatMap(({ atMs, levels }) =>
      levels[key] === undefined ? [] : [{ atMs, level: levels[key] }],
    );
    return {
      fromMs: parseDuration(at),
      toMs: until === undefined ? endMs : parseDuration(until),
      name: occurrenceName({ equipment, fault }, plant),
      ...(ramp === undefined ? {} : { level }),
    };
  };
  return [
    { name: words.faults, spans: scenario.faults.map(ofOccurrence) },
    { name: words.activities, spans: (scenario.activities ?? []).map(ofOccurrence) },
    {
      name: words.line,
      spans: (scenario.line ?? []).map((event) => {
        const what =
          'cut' in event ? `${event.cut} ✂` : 'outbox' in event ? `outbox ${event.outbox}` : `${event.restart} ⟳`;
        const fromMs = parseDuration(event.at);
        return {
          fromMs,
          toMs: event.until === undefined ? fromMs : parseDuration(event.until),
          name: { zh: what, en: what },
        };
      }),
    },
    {
      name: words.operators,
      spans: (scenario.operators ?? []).map((act) => {
        const atMs = parseDuration(act.at);
        const what = actText(act);
        return { fromMs: atMs, toMs: atMs, name: { zh: what, en: what } };
      }),
    },
    {
      name: words.alarms,
      spans: alarms.map(({ alarm, atMs, returnedMs, historical }) => ({
        fromMs: atMs,
        toMs: returnedMs ?? endMs,
        name: alarmName(alarm, plant),
        kind: plant.alarms.get(alarm)?.definition.priority ?? 'low',
        afterwards: historical,
      })),
    },
    {
      name: words.told,
      spans: told.map(({ alarm, toldMs }) => ({ fromMs: toldMs, toMs: toldMs, name: alarmName(alarm, plant) })),
    },
    {
      name: words.orders,
      spans: orders.map(({ equipment, failureMode, openedMs, closedMs }) => ({
        fromMs: openedMs,
        toMs: closedMs ?? endMs,
        name: orderName({ equipment, failureMode }, plant),
      })),
    },
  ];
}

function alarmTable({ scenario, alarms }: ScenarioResult, plant: DemoPlant): string {
  const left = [...alarms];
  const rows = scenario.expect.alarms.map(({ alarm, after, before, returns }) => {
    const at = left.findIndex(
      (one) => one.alarm === alarm && one.atMs >= parseDuration(after) && one.atMs <= parseDuration(before),
    );
    const [found] = at === -1 ? [] : left.splice(at, 1);
    const window = `${after} – ${before}${returns === undefined ? '' : ` → ${returns.after} – ${returns.before}`}`;
    return alarmRow(alarm, { window: escaped(window), found, plant });
  });
  for (const found of left) rows.push(alarmRow(found.alarm, { window: both(words.unexpected), found, plant }));
  if (rows.length === 0) return `<h3>${both(words.alarms)}</h3><p class="about">${both(words.quiet)}</p>`;
  const head = [words.alarms, words.expected, words.came, words.returned]
    .map((word) => `<th>${both(word)}</th>`)
    .join('');
  return `<h3>${both(words.alarms)}</h3><div class="scroll"><table><tr>${head}</tr>${rows.join('')}</table></div>`;
}

function alarmRow(
  alarm: string,
  { window, found, plant }: { window: string; found: ScenarioResult['alarms'][number] | undefined; plant: DemoPlant },
): string {
  const came = found === undefined ? both(words.missing) : escaped(timeText(found.atMs));
  const note = found?.historical === true ? ` ${both(words.historical)}` : '';
  const back =
    found === undefined ? '' : found.returnedMs === null ? both(words.stands) : escaped(timeText(found.returnedMs));
  return `<tr><td>${both(alarmName(alarm, plant))}<br><code>${escaped(alarm)}</code></td><td>${window}</td><td class="${found === undefined ? 'bad' : ''}">${came}${note}</td><td>${back}</td></tr>`;
}

function orderTable({ scenario, orders }: ScenarioResult, plant: DemoPlant): string {
  if (orders.length + scenario.expect.orders.length === 0) return '';
  const left = [...orders];
  const row = (
    { equipment, failureMode }: { equipment: string; failureMode: string },
    { window, found }: { window: string; found: (typeof left)[number] | undefined },
  ): string =>
    `<tr><td>${both(orderName({ equipment, failureMode }, plant))} <code>${escaped(failureMode)}</code></td><td>${window}</td><td class="${found === undefined ? 'bad' : ''}">${found === undefined ? both(words.missing) : timeText(found.openedMs)}</td><td class="number">${found?.reopened ?? ''}</td><td>${found?.state ?? ''}</td></tr>`;
  const rows = scenario.expect.orders.map((expected) => {
    const at = left.findIndex(
      (one) => one.equipment === expected.equipment && one.failureMode === expected.failureMode,
    );
    const [found] = at === -1 ? [] : left.splice(at, 1);
    return row(expected, { window: escaped(`– ${expected.before}`), found });
  });
  for (const found of left) rows.push(row(found, { window: both(words.unexpected), found }));
  const head = [words.orders, words.expected, words.opened].map((word) => `<th>${both(word)}</th>`).join('');
  return `<h3>${both(words.orders)}</h3><div class="scroll"><table><tr>${head}<th class="number">${both(words.reopened)}</th><th>${both(words.state)}</th></tr>${rows.join('')}</table></div>`;
}

function alarmName(alarm: string, plant: DemoPlant): LocalText {
  const known = plant.alarms.get(alarm);
  if (known === undefined) return { zh: alarm, en: alarm };
  const owner = alarm.slice(0, alarm.search(/[/#]/));
  return joined(known.definition.guidance.name, nameOf(owner, plant));
}

function orderName(
  { equipment, failureMode }: { equipment: string; failureMode: string },
  plant: DemoPlant,
): LocalText {
  const modes = plant.failureModes.get(plant.classes.get(equipment) ?? '');
  return joined(modes?.get(failureMode) ?? { zh: failureMode, en: failureMode }, nameOf(equipment, plant));
}

function occurrenceName({ equipment, fault }: { equipment: string; fault: string }, plant: DemoPlant): LocalText {
  const spec = faultCatalogue.find(({ id }) => id === fault);
  return joined(spec?.name ?? { zh: fault, en: fault }, nameOf(equipment, plant));
}

function nameOf(equipment: string, plant: DemoPlant): LocalText {
  return plant.names.get(equipment) ?? { zh: equipment, en: equipment };
}

function joined(what: LocalText, of: LocalText): LocalText {
  return { zh: `${of.zh} · ${what.zh}`, en: `${of.en} · ${what.en}` };
}

function actText(act: OperatorAct): string {
  if ('alarm' in act) return `${act.do} ${act.alarm}`;
  if ('startTest' in act) return `test ${act.startTest.equipment.join(', ')}`;
  if ('endTest' in act) return `end test ${act.endTest}`;
  return `${act.do.join(', ')} ${act.order.failureMode}`;
}
