import { type PollClass, pollClasses } from '../drivers/modbus/poll-plan.ts';
import { comfortable, type LineCheck, loadOf, type PlannedRequest, periodText } from './line-check.ts';

interface Measure {
  what: string;
  /** Utilisation with it. */
  utilisation: number;
}

/** From this on it is worth saying what would help. */
const worthSayingFrom = 0.5;
const commonBaudRates = [9600, 19_200, 38_400, 57_600, 115_200];

/** The biggest cost, and what would help, with what it would come to; measures that help little are left out. */
export function helpFor(check: LineCheck): string[] {
  const { requests, load } = check;
  const share = (own: readonly PlannedRequest[]): number =>
    own.reduce((sum, { busyMs, periodMs }) => sum + busyMs / periodMs, 0);
  const byPlan = new Map<string, { poll: PollClass; profile: string; requests: PlannedRequest[] }>();
  for (const request of requests) {
    const { profile } = request.device.profile;
    const key = `${request.poll}|${profile}`;
    const entry = byPlan.get(key) ?? { poll: request.poll, profile, requests: [] };
    entry.requests.push(request);
    byPlan.set(key, entry);
  }
  const biggest = [...byPlan.values()].sort((a, b) => share(b.requests) - share(a.requests))[0];
  if (biggest === undefined) return [];
  const devices = new Set(biggest.requests.map(({ device }) => device.id)).size;
  const part = Math.round((share(biggest.requests) / load.utilisation) * 100);
  const lines = [
    `Biggest cost: the ${biggest.poll} poll of ${devices} × ${biggest.profile}, ${part} % of the busy time`,
  ];
  if (load.utilisation < worthSayingFrom) return lines;
  const useful = [...periods(check), ...faster(check), ...gaps(check), ...split(check)]
    .filter(({ utilisation }) => utilisation < load.utilisation * 0.9)
    .sort((a, b) => a.utilisation - b.utilisation);
  return [
    ...lines,
    ...useful.map(({ what, utilisation }) => `Would help: ${what} → ${Math.round(utilisation * 100)} %`),
  ];
}

/** The class that costs most, asked as seldom as it takes for a comfortable line, but at least half as often. */
function periods({ requests, load }: LineCheck): Measure[] {
  const measures = pollClasses.map((poll): Measure & { cost: number } => {
    const own = requests.filter((request) => request.poll === poll);
    const cost = own.reduce((sum, { busyMs, periodMs }) => sum + busyMs / periodMs, 0);
    const busyMs = own.reduce((sum, request) => sum + request.busyMs, 0);
    const rest = load.utilisation - cost;
    const shortest = Math.min(...own.map(({ periodMs }) => periodMs));
    const wantedMs = Math.max(rest < comfortable ? busyMs / (comfortable - rest) : 0, 2 * shortest);
    const text = periodText(wantedMs);
    const periodMs = text.endsWith('h') ? Number.parseInt(text, 10) * 3_600_000 : Number.parseInt(text, 10) * 1000;
    return { what: `${poll}: ${text} under \`poll\` of every device`, utilisation: rest + busyMs / periodMs, cost };
  });
  return measures
    .filter(({ cost }) => cost > 0)
    .sort((a, b) => b.cost - a.cost)
    .slice(0, 1);
}

function faster({ line, requests }: LineCheck): Measure[] {
  if (line.kind !== 'serial') return [];
  return commonBaudRates
    .filter((baud) => baud > line.baud && baud <= line.baud * 4)
    .map((baud) => ({
      what: `${baud} baud on the line and in every device`,
      utilisation: loadOf(requests, { ...line, baud }).utilisation,
    }));
}

/** A gap is what a profile's source asks for; less may do, and a fault shows at once in the counters. */
function gaps({ requests, load }: LineCheck): Measure[] {
  const largest = Math.max(0, ...requests.map(({ gapMs }) => gapMs));
  const tried = [50, 20, 10].find((gapMs) => gapMs <= largest / 2);
  if (tried === undefined) return [];
  const saved = requests.reduce((sum, { gapMs, periodMs }) => sum + Math.max(0, gapMs - tried) / periodMs, 0);
  const asking = [...new Set(requests.filter((r) => r.gapMs > tried).map((r) => r.device.profile.profile))];
  return [
    {
      what: `minRequestGapMs: ${tried} on the connection, if ${asking.join(', ')} answers reliably with it`,
      utilisation: load.utilisation - saved,
    },
  ];
}

function split({ devices, load }: LineCheck): Measure[] {
  const lines = Math.max(2, Math.ceil(load.utilisation / comfortable));
  if (devices.length < lines) return [];
  return [{ what: `${lines} lines in place of one`, utilisation: load.utilisation / lines }];
}
