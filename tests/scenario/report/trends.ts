import type { DemoPlant } from '../file/demo-plant.ts';
import type { Sample } from '../recorder.ts';
import type { ScenarioResult } from '../run-scenario.ts';
import { both, escaped } from './text.ts';

const most = 6;
const width = 340;
const height = 72;

/** Charts of the points that tell most: those that alarms watch, then those that change most. Pure. */
export function trends(result: ScenarioResult, plant: DemoPlant, onsetsMs: readonly number[]): string {
  const { samples } = result;
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 3) return '';
  return chosenPoints(result)
    .map((point) => chart(point, { samples, fromMs: first.atMs, toMs: last.atMs, plant, onsetsMs }))
    .join('');
}

/** Pure. */
export function chosenPoints({
  samples,
  alarms,
  scenario,
}: Pick<ScenarioResult, 'samples' | 'alarms' | 'scenario'>): string[] {
  const watched = [...scenario.expect.alarms, ...alarms].map(({ alarm }) => alarm.slice(0, alarm.indexOf('#')));
  const changing = Object.keys(samples[0]?.values ?? {})
    .map((point) => ({ point, change: changeOf(samples, point) }))
    .filter(({ change }) => change > 0)
    .sort((a, b) => b.change - a.change)
    .map(({ point }) => point);
  const isDrawn = new Set(changing);
  return [...new Set([...watched.filter((point) => isDrawn.has(point)), ...changing])].slice(0, most);
}

/** How much the course departs from its mean, against the mean; 0 where nothing moves or nothing is a number. Counters only count. */
function changeOf(samples: readonly Sample[], point: string): number {
  const values = numbersOf(samples, point).map(({ value }) => value);
  if (values.length < 3) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const isCounter = values.every((value, i) => i === 0 || value >= (values[i - 1] ?? value));
  if (spread === 0) return 0;
  return isCounter ? Number.MIN_VALUE : Math.min(1, spread / (Math.abs(mean) + spread));
}

function numbersOf(samples: readonly Sample[], point: string): { atMs: number; value: number }[] {
  return samples.flatMap(({ atMs, values }) => {
    const value = values[point];
    if (typeof value === 'boolean') return [{ atMs, value: Number(value) }];
    return typeof value === 'number' && Number.isFinite(value) ? [{ atMs, value }] : [];
  });
}

function chart(
  point: string,
  {
    samples,
    fromMs,
    toMs,
    plant,
    onsetsMs,
  }: { samples: readonly Sample[]; fromMs: number; toMs: number; plant: DemoPlant; onsetsMs: readonly number[] },
): string {
  const course = numbersOf(samples, point);
  const low = Math.min(...course.map(({ value }) => value));
  const high = Math.max(...course.map(({ value }) => value));
  const x = (ms: number): string => (((ms - fromMs) / (toMs - fromMs)) * width).toFixed(1);
  const y = (value: number): string => (height - 4 - ((value - low) / (high - low || 1)) * (height - 8)).toFixed(1);
  const line = course.map(({ atMs, value }) => `${x(atMs)},${y(value)}`).join(' ');
  const onsets = onsetsMs
    .map((ms) => `<line class="onset" x1="${x(ms)}" x2="${x(ms)}" y1="0" y2="${height}"/>`)
    .join('');
  const { name, unit } = plant.points.get(point) ?? { name: { zh: point, en: point }, unit: '' };
  const equipment = plant.names.get(point.slice(0, point.indexOf('/'))) ?? { zh: '', en: '' };
  const whole = { zh: `${equipment.zh} · ${name.zh}`, en: `${equipment.en} · ${name.en}` };
  const span = escaped(`${precise(low)} … ${precise(high)} ${unit}`);
  return `<figure><figcaption>${both(whole)}<span>${span}</span></figcaption><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${escaped(`${whole.zh} / ${whole.en}`)}">${onsets}<polyline class="trend" points="${line}"/></svg></figure>`;
}

function precise(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
