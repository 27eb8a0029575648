import type { DemoPlant } from '../file/demo-plant.ts';
import type { PlayedJob } from '../pool.ts';
import { section } from './section.ts';
import { style } from './style.ts';
import { both, escaped, spanText, words } from './text.ts';

/** One page for a whole run that needs nothing else: an index, then each scenario. Pure. */
export function page(done: readonly PlayedJob[], plant: DemoPlant): string {
  const failed = done.filter(isBad).length;
  const heads = [words.result, words.simulated, words.wall, words.alarms, words.orders, words.falseOnes, words.lead];
  const sections = done.map((one) =>
    'result' in one
      ? section(one.result, plant)
      : `<section class="panel" id="${one.name}"><h2><code>${one.name}</code></h2><p class="verdict bad">${both(words.notPlayed)}</p><p>${escaped(one.error)}</p></section>`,
  );
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Plantroom · ${words.title.zh} / ${words.title.en}</title><style>${style}</style></head>
<body><main>
<header><h1>Plantroom · ${both(words.title)}</h1><div class="languages"><input type="radio" name="language" id="in-zh" checked><label for="in-zh">中文</label> <input type="radio" name="language" id="in-en"><label for="in-en">English</label></div></header>
<p class="verdict${failed === 0 ? '' : ' bad'}">${done.length - failed} / ${done.length} ${both(words.passed)}</p>
<div class="panel scroll"><table><tr><th>${both(words.scenario)}</th>${heads.map((word, i) => `<th${i > 0 && i < 6 ? ' class="number"' : ''}>${both(word)}</th>`).join('')}</tr>
${done.map(indexRow).join('\n')}</table></div>
${sections.join('\n')}
</main></body></html>
`;
}

function isBad(one: PlayedJob): boolean {
  return 'error' in one || one.result.complaints.length > 0;
}

function indexRow(one: PlayedJob): string {
  if ('error' in one)
    return `<tr><td><a href="#${one.name}">${one.name}</a></td><td class="verdict bad">${both(words.notPlayed)}</td><td colspan="6"></td></tr>`;
  const { scenario, complaints, simulatedMs, wallMs, alarms, orders, falseAlarms, falseOrders, leadMs } = one.result;
  const ok = complaints.length === 0;
  const cells = [
    spanText(simulatedMs),
    spanText(wallMs),
    `${alarms.length} / ${scenario.expect.alarms.length}`,
    `${orders.length} / ${scenario.expect.orders.length}`,
    String(falseAlarms + falseOrders),
  ];
  const leads = [...leadMs.values()].map(spanText).join(', ');
  return `<tr><td><a href="#${one.name}">${both(scenario.title)}</a></td><td class="verdict${ok ? '' : ' bad'}">${both(ok ? words.passed : words.failed)}</td>${cells.map((cell) => `<td class="number">${escaped(cell)}</td>`).join('')}<td>${leads}</td></tr>`;
}
