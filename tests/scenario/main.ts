import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage, silentLogger } from '@plantroom/contracts';
import { clock } from './judge.ts';
import { runScenario, type ScenarioResult } from './run-scenario.ts';
import { readScenario } from './scenario-file.ts';
import { VirtualNet } from './virtual-net.ts';

const folder = fileURLToPath(new URL('../../simulators/scenarios/', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => name !== 'all' && !names.includes(name));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (wanted.length === 0 || unknown.length > 0) {
  for (const name of unknown) say(`no scenario "${name}"`);
  say(`usage: npm run scenario -- NAME …|all\nscenarios: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const net = new VirtualNet();
  net.install();
  let failed = 0;
  for (const name of wanted.includes('all') ? names : wanted) {
    try {
      const result = await runScenario(readScenario(join(folder, `${name}.yaml`)), { net, logger: silentLogger });
      if (result.complaints.length > 0) failed += 1;
      tell(result);
    } catch (error) {
      failed += 1;
      say(`${name}: ${errorMessage(error)}`);
    }
  }
  say(failed === 0 ? 'every scenario came out as it was to' : `${failed} did not come out as they were to`);
  // Libraries keep timers of the real clock.
  process.exit(failed === 0 ? 0 : 1);
}

function tell({ scenario, alarms, orders, complaints, leadMs, simulatedMs, wallMs }: ScenarioResult): void {
  const { expect } = scenario;
  say(
    [
      `${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${scenario.scenario.padEnd(28)}`,
      `${clock(simulatedMs)} in ${(wallMs / 1000).toFixed(1)} s`,
      `alarms ${alarms.length} of ${expect.alarms.length}`,
      `orders ${orders.length} of ${expect.orders.length}`,
      [...leadMs].map(([fault, ms]) => `${fault} told after ${(ms / 1000).toFixed(1)} s`).join(', '),
    ].join('  '),
  );
  for (const complaint of complaints) say(`     ${complaint}`);
}
