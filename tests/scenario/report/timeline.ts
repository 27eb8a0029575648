import type { LocalText } from '@plantroom/contracts';
import { bothInSvg, escaped, timeText, words } from './text.ts';

/** One bar of a lane; times since the start of the scenario, ms. */
export interface Span {
  fromMs: number;
  toMs: number;
  name: LocalText;
  /** A priority of alarms, or none: grey. */
  kind?: 'critical' | 'high' | 'medium' | 'low';
  /** Found in late data. */
  afterwards?: boolean;
  /** How far it has grown over time, 0..1. */
  level?: readonly { atMs: number; level: number }[];
}

export interface Lane {
  name: LocalText;
  spans: readonly Span[];
}

export interface TimelineOptions {
  fromMs: number;
  toMs: number;
}

const width = 1160;
const left = 96;
const right = 36;
const rowPx = 22;
const top = 22;
const steps = [1, 5, 10, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((minutes) => minutes * 60_000);
/** Priority by shape as well: square, triangles up and down, circle. */
const shapes = {
  critical: 'M-5,-5h10v10h-10z',
  high: 'M0,-6L6,5H-6z',
  medium: 'M0,6L6,-5H-6z',
  low: 'M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0z',
} as const;

/** Lanes above each other over one axis of time, as SVG. Pure. */
export function timeline(lanes: readonly Lane[], { fromMs, toMs }: TimelineOptions): string {
  const x = (ms: number): number => {
    const share = Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
    return Math.round((left + share * (width - left - right)) * 10) / 10;
  };
  const lanesDrawn: string[] = [];
  const parts: string[] = [];
  let y = top;
  for (const lane of lanes.filter(({ spans }) => spans.length > 0)) {
    const height = lane.spans.length * rowPx + 6;
    lanesDrawn.push(`<rect class="lane" x="${left}" y="${y}" width="${width - left - right}" height="${height - 2}"/>`);
    parts.push(`<text x="0" y="${y + 16}">${bothInSvg(lane.name)}</text>`);
    lane.spans.forEach((span, i) => void parts.push(bar(span, { x, y: y + 3 + i * rowPx })));
    y += height + 2;
  }
  const stepMs = steps.find((ms) => (toMs - fromMs) / ms <= 12) ?? 604_800_000;
  const axis: string[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) {
    axis.push(`<line class="grid${at === 0 ? ' zero' : ''}" x1="${x(at)}" x2="${x(at)}" y1="${top - 4}" y2="${y}"/>`);
    axis.push(`<text x="${x(at)}" y="12" text-anchor="middle">${timeText(at)}</text>`);
  }
  const title = `${words.timeline.zh} / ${words.timeline.en}`;
  return `<svg viewBox="0 0 ${width} ${y + 4}" role="img" aria-label="${title}">${lanesDrawn.join('')}${axis.join('')}${parts.join('')}</svg>`;
}

function bar({ fromMs, toMs, name, kind, afterwards, level }: Span, at: { x(ms: number): number; y: number }): string {
  const from = at.x(fromMs);
  const to = Math.max(from + 2, at.x(toMs));
  const high = rowPx - 6;
  const what = kind === undefined ? 'span' : `${kind}${afterwards === true ? ' afterwards' : ''}`;
  const height = kind === undefined ? high : 4;
  const y = kind === undefined ? at.y : at.y + high - 4;
  const tip = `${timeText(fromMs)} – ${timeText(toMs)} ${name.zh} / ${name.en}`;
  const mark =
    kind === undefined
      ? ''
      : `<path class="${what}" d="${shapes[kind]}" transform="translate(${from},${at.y + high / 2})"/>`;
  const curve =
    level === undefined || level.length < 2
      ? ''
      : `<polyline class="level" points="${level.map((one) => `${at.x(one.atMs)},${(at.y + high - one.level * high).toFixed(1)}`).join(' ')}"/>`;
  // Alarms are thin and named above; what begins far to the right is named to its left.
  const isRight = from > width * 0.7;
  const [x, anchor] = isRight ? [from - 10, 'end'] : [from + 10, 'start'];
  const label = `<text class="name" x="${x.toFixed(1)}" y="${at.y + (kind === undefined ? 12 : 8)}" text-anchor="${anchor}">${bothInSvg(name)}</text>`;
  return `<g><title>${escaped(tip)}</title><rect class="${what}" x="${from}" y="${y}" width="${(to - from).toFixed(1)}" height="${height}"/>${curve}${mark}${label}</g>`;
}
