import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchOptions } from './bed/bench-bed.ts';
import { alarmKpis } from './cases/alarm-kpis.ts';
import { backtest } from './cases/backtest.ts';
import { gateway500, gateway4000 } from './cases/gateway-fleet.ts';
import { gatewayKill } from './cases/gateway-kill.ts';
import { gatewayMemory } from './cases/gateway-memory.ts';
import { gatewayMqtt } from './cases/gateway-mqtt.ts';
import { gatewayWork } from './cases/gateway-work.ts';
import { history } from './cases/history.ts';
import { historySize } from './cases/history-size.ts';
import { influxOutage } from './cases/influx-outage.ts';
import { outboxDay } from './cases/outbox-day.ts';
import { outboxSync } from './cases/outbox-sync.ts';
import { readPlan } from './cases/read-plan.ts';
import { scenarioWeek } from './cases/scenario-week.ts';
import { serverIngest } from './cases/server-ingest.ts';
import { simulatorLoad } from './cases/simulator-load.ts';
import { sparkplugDrain, uplinkDrain } from './cases/uplink-drain.ts';
import { type Figure, figureLine, isOver, load, say } from './report.ts';

const cases: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  'read-plan': readPlan,
  'gateway-work': gatewayWork,
  'gateway-500': gateway500,
  'gateway-mqtt': gatewayMqtt,
  'gateway-memory': gatewayMemory,
  'gateway-4000': gateway4000,
  'server-ingest': serverIngest,
  'gateway-kill': gatewayKill,
  'influx-outage': influxOutage,
  'uplink-drain': uplinkDrain,
  'sparkplug-drain': sparkplugDrain,
  'history-size': historySize,
  history,
  backtest,
  'outbox-sync': outboxSync,
  'outbox-day': outboxDay,
  'scenario-week': scenarioWeek,
  'simulator-load': simulatorLoad,
  'alarm-kpis': alarmKpis,
};
const groups: Record<string, readonly string[]> = {
  gateway: ['gateway-work', 'gateway-500', 'gateway-mqtt', 'gateway-memory', 'gateway-4000', 'read-plan'],
  all: Object.keys(cases),
};
const usage = `usage: npm run bench -- ${[...Object.keys(groups), ...Object.keys(cases)].join('|')} [--seconds N] [--points N] [--hours N] [--profile FOLDER]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    points: { type: 'string' },
    hours: { type: 'string', default: '24' },
    profile: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const points = values.points === undefined ? undefined : Number(values.points);
const hours = Number(values.hours);
const isInRange = seconds >= 5 && hours >= 1 && (points === undefined || points >= 300_000);
const wanted = positionals.flatMap((name) => groups[name] ?? [name]);
const unknown = wanted.filter((name) => cases[name] === undefined);
if (wanted.length === 0 || unknown.length > 0 || !isInRange) {
  if (unknown.length > 0) say(`unknown: ${unknown.join(', ')}`);
  say(usage);
  process.exitCode = 2;
} else {
  say(`node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), load ${load()}`);
  let over = 0;
  for (const name of new Set(wanted)) {
    const figures = (await cases[name]?.({ seconds, points, hours, profileDir: values.profile })) ?? [];
    for (const figure of figures) say(figureLine(figure));
    over += figures.filter(isOver).length;
  }
  say(over === 0 ? 'every figure is within its limit' : `${over} over the limit`);
}
