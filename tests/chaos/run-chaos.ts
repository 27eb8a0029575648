import { errorMessage } from '@plantroom/contracts';
import { ApiClient } from '../helpers/api-client.ts';
import { Random } from '../rig/random.ts';
import { type AlarmLedgerResult, judgeAlarms, readAlarms } from './alarm-ledger.ts';
import { type Bed, type BedOptions, openBed } from './bed.ts';
import { Ledger, type LedgerResult } from './ledger.ts';
import { perform } from './perform.ts';
import { type ChaosKind, makePlan, type Plan, type ScriptedFault } from './plan.ts';
import { alarmId, counterName, meter, pointsPerUnit, site, valueAt } from './points.ts';
import { allTaken, currentDiffers, type Patience, wait } from './settle.ts';
import { readDuckDb, readInflux } from './stored.ts';

export interface ChaosOptions extends BedOptions {
  events: number;
  /** How long the end is waited for, ms: everything taken, stored and shown. */
  patienceMs: number;
  onBegin: (what: string) => void;
}

export interface ChaosResult {
  seed: number;
  historian: BedOptions['historian'];
  broker: BedOptions['broker'];
  units: number;
  /** Of the chaos, without start and end, s. */
  lastedS: number;
  events: Partial<Record<ChaosKind, number>>;
  kills: Record<string, number>;
  ledger: LedgerResult;
  /** Rows of the embedded historian that say a second time what one says already; null with InfluxDB. */
  repeatedRows: number | null;
  alarms: AlarmLedgerResult;
  /** Current values that were not the devices' at the end. */
  notCurrent: string[];
  /** What did not come to its end in time. */
  unfinished: string[];
  /** Until everything was taken and stored after the last event, s. */
  caughtUpAfterS: number;
  crashes: Record<string, string[]>;
  /** Longest start of each program, ms. */
  longestStartMs: Record<string, number>;
  oddRequests: string[];
}

/** A whole run: installation, chaos, end, and the accounts of the devices held against the databases. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, clock, onBegin, historian, broker } = options;
  const bed = await openBed(options);
  try {
    const patience: Patience = { clock, withinMs: options.patienceMs };
    await wait(patience, () => bed.field.accounts.every(({ last }) => last > 0), 'the first poll of each device');
    const plan = makePlan({
      events: options.events,
      units: bed.units,
      programs: [...bed.programs.keys()],
      hops: [...bed.hops.keys()],
      random: new Random(seed, 'plan'),
    });
    const beganMs = clock.monotonicMs();
    await perform(plan, { bed, random: new Random(seed, 'perform'), clock, onBegin });
    const overMs = clock.monotonicMs();
    onBegin('the chaos is over');
    const { unfinished, notCurrent } = await finish(bed, plan.faults, { patience, onBegin });
    const caughtUpAfterS = (clock.monotonicMs() - overMs) / 1000;
    const deliveries = bed.field.accounts.map((account) => account.deliveries());
    const ledger = new Ledger(bed.units);
    const onStored: Ledger['stored'] = (stored) => ledger.stored(stored);
    if (historian === 'influxdb') await readInflux(bed.influxUrl, bed.units, onStored);
    await bed.stop();
    const duck = historian === 'duckdb' ? await readDuckDb(bed.dataDir, bed.units, onStored) : undefined;
    return {
      seed,
      historian,
      broker,
      units: bed.units,
      lastedS: (overMs - beganMs) / 1000,
      ...countEvents(plan),
      ledger: ledger.judge(deliveries),
      repeatedRows: duck?.repeated ?? null,
      alarms: judgeAlarms(
        plan.faults.map((fault) => ({ ...fault, expected: bed.field.expects(fault) })),
        readAlarms(bed.dataDir),
      ),
      notCurrent,
      unfinished,
      caughtUpAfterS,
      crashes: Object.fromEntries([...bed.programs].map(([name, { crashes }]) => [name, crashes])),
      longestStartMs: Object.fromEntries(
        [...bed.programs].map(([name, { startsMs }]) => [name, Math.round(Math.max(...startsMs))]),
      ),
      oddRequests: bed.field.odd,
    };
  } finally {
    await bed.stop();
  }
}

/** Each device is heard, then values stand still, then everything has to arrive. What does not in time is told, and the ledger says what it cost. */
async function finish(
  bed: Bed,
  faults: readonly ScriptedFault[],
  { patience, onBegin }: { patience: Patience; onBegin: ChaosOptions['onBegin'] },
): Promise<{ unfinished: string[]; notCurrent: string[] }> {
  const unfinished: string[] = [];
  const tell = async (ask: () => Promise<boolean> | boolean, what: string): Promise<void> => {
    onBegin(`waiting: ${what}`);
    await wait(patience, ask, what).catch((error: unknown) => unfinished.push(errorMessage(error)));
  };
  // A device that was silent has its value told anew when it comes back, the same or not: so first each is heard.
  const heard = bed.field.accounts.map(({ last }) => last + 2);
  const isHeard = () => bed.field.accounts.every(({ last }, unit) => last >= (heard[unit] ?? 0));
  await tell(isHeard, 'each device is polled again');
  bed.field.freeze();
  await tell(() => bed.field.accounts.every((account) => account.isSettled), 'the last value of each device is taken');
  await tell(() => allTaken(bed.metricsUrl), 'the outbox is empty');
  const api = new ApiClient(bed.url);
  await api.signIn('admin', bed.adminPassword);
  await tell(async () => {
    const sure = (await api.alarms()).filter(({ flags }) => flags.active && !flags.uncertain).map(({ id }) => id);
    return faults.every(({ unit, kind, forMs }) => forMs !== undefined || sure.includes(alarmId(unit, kind)));
  }, 'an alarm for each fault that stands, and none of them uncertain');
  let notCurrent: string[] = [];
  await tell(async () => {
    notCurrent = [];
    for (const [unit, { last }] of bed.field.accounts.entries()) {
      const wanted = new Map(Array.from({ length: pointsPerUnit }, (_, i) => [counterName(i), valueAt(last, i)]));
      notCurrent.push(...currentDiffers(await api.values(`${site}/${meter(unit)}`), wanted));
    }
    return notCurrent.length === 0;
  }, "current values are the devices'");
  return { unfinished, notCurrent };
}

function countEvents({ events }: Plan): Pick<ChaosResult, 'events' | 'kills'> {
  const kinds: Partial<Record<ChaosKind, number>> = {};
  const kills: Record<string, number> = {};
  for (const event of events) {
    kinds[event.kind] = (kinds[event.kind] ?? 0) + 1;
    if (event.kind === 'kill') kills[event.program] = (kills[event.program] ?? 0) + 1;
  }
  return { events: kinds, kills };
}
