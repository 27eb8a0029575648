import type { AlarmPriority } from '@plantroom/contracts';
import uPlot from 'uplot';
import { axisLabels } from '../format/time.ts';
import type { Hole } from './chart-data.ts';

export interface TrackLook {
  id: string;
  label: string;
  symbol: string;
  precision: number;
  /** Last value held, as raw values and states are; otherwise straight lines between means. */
  stepped: boolean;
  /** Column is an edge of the min/max band of this track, not a line. */
  edge?: 'min' | 'max';
}

export interface ChartLook {
  ink: string;
  dim: string;
  line: string;
  edge: string;
  band: string;
  alarm: Record<AlarmPriority, string>;
  fontPx: number;
}

export interface Overlay {
  holes: readonly (Hole & { words: string })[];
  limits: readonly { label: string; value: number; scale: string }[];
  marks: readonly { atMs: number; priority: AlarmPriority }[];
  orders: readonly { atMs: number; label: string }[];
}

interface Setup {
  tracks: readonly TrackLook[];
  timeZone: string;
  look: ChartLook;
  width: number;
  height: number;
  range: () => [number, number];
  plugin: uPlot.Plugin;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
  onCursor: (index: number | null) => void;
}

/** Several lines are told apart by dash and grey, because colour belongs to alarms. */
export const dashes: readonly number[][] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 2]];

export const scaleOf = (track: Pick<TrackLook, 'symbol'>) => `y:${track.symbol}`;

function axes(setup: Setup): uPlot.Axis[] {
  const font = `${setup.look.fontPx}px sans-serif`;
  const shared = {
    font,
    stroke: setup.look.dim,
    grid: { stroke: setup.look.line, width: 1 },
    ticks: { stroke: setup.look.line, width: 1 },
  };
  const scales = [...new Set(setup.tracks.map(scaleOf))];
  return [
    {
      ...shared,
      space: setup.look.fontPx * 7,
      size: setup.look.fontPx * 3.6 + 12,
      values: (_plot, ticks, _axis, _space, step) => axisLabels(ticks, step, setup.timeZone),
    },
    ...scales.map(
      (scale, i): uPlot.Axis => ({
        ...shared,
        scale,
        side: i % 2 === 0 ? 3 : 1,
        size: setup.look.fontPx * 4.5,
        grid: { ...shared.grid, show: i === 0 },
        label: scale.slice(2),
        labelFont: font,
        labelSize: scale === 'y:' ? 0 : setup.look.fontPx * 1.6,
      }),
    ),
  ];
}

export function plotOptions(setup: Setup): uPlot.Options {
  let plain = -1;
  const series: uPlot.Series[] = setup.tracks.map((track) => {
    if (track.edge === undefined) plain += 1;
    const base: uPlot.Series = {
      label: track.label,
      scale: scaleOf(track),
      points: { show: false },
      spanGaps: false,
      stroke: setup.look.ink,
      width: 1.4,
      dash: dashes[plain % dashes.length] ?? [],
    };
    if (track.edge !== undefined) return { ...base, stroke: 'transparent', width: 0, dash: [] };
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    return track.stepped && stepped !== undefined ? { ...base, paths: stepped } : base;
  });
  const bands: uPlot.Band[] = [];
  setup.tracks.forEach((track, i) => {
    if (track.edge === 'max') bands.push({ series: [i + 1, i], fill: setup.look.band });
  });
  return {
    width: setup.width,
    height: setup.height,
    ms: 1,
    tzDate: (ms) => uPlot.tzDate(new Date(ms), setup.timeZone),
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: { x: { time: true, range: () => setup.range() } },
    axes: axes(setup),
    series: [{}, ...series],
    bands,
    plugins: [setup.plugin],
    hooks: {
      setCursor: [(plot) => setup.onCursor(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width > 4) setup.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => setup.onReset())],
    },
  };
}

function hatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext('2d');
  if (pen === null) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(-2, 2);
  pen.lineTo(2, -2);
  pen.moveTo(0, 8);
  pen.lineTo(8, 0);
  pen.moveTo(6, 10);
  pen.lineTo(10, 6);
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}

function drawHoles(plot: uPlot, overlay: Overlay, look: ChartLook): void {
  const { ctx, bbox } = plot;
  for (const hole of overlay.holes) {
    const from = Math.max(bbox.left, plot.valToPos(hole.fromMs, 'x', true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(hole.toMs, 'x', true));
    if (to <= from) continue;
    ctx.fillStyle = hatch(ctx, look.edge);
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.font = `${look.fontPx * devicePixelRatio}px sans-serif`;
    const wordsWidth = ctx.measureText(hole.words).width;
    if (wordsWidth + 8 < to - from) {
      const lineHeight = look.fontPx * devicePixelRatio;
      ctx.clearRect((from + to - wordsWidth) / 2 - 4, bbox.top + lineHeight * 0.4, wordsWidth + 8, lineHeight * 1.3);
      ctx.fillStyle = look.dim;
      ctx.textAlign = 'center';
      ctx.fillText(hole.words, (from + to) / 2, bbox.top + look.fontPx * devicePixelRatio * 1.4);
    }
  }
}

function drawLimits(plot: uPlot, overlay: Overlay, look: ChartLook): void {
  const { ctx, bbox } = plot;
  ctx.strokeStyle = look.edge;
  ctx.fillStyle = look.dim;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${look.fontPx * devicePixelRatio}px sans-serif`;
  ctx.textAlign = 'right';
  for (const limit of overlay.limits) {
    if (plot.scales[limit.scale] === undefined) continue;
    const y = plot.valToPos(limit.value, limit.scale, true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(limit.label, bbox.left + bbox.width - 4, y - 3);
  }
  ctx.setLineDash([]);
}

function drawMarks(plot: uPlot, overlay: Overlay, look: ChartLook): void {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  for (const mark of overlay.marks) {
    const x = plot.valToPos(mark.atMs, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = look.alarm[mark.priority];
    ctx.strokeStyle = look.alarm[mark.priority];
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    if (mark.priority === 'critical') ctx.rect(x - size, bbox.top, size * 2, size * 2);
    else if (mark.priority === 'low') ctx.arc(x, bbox.top + size, size, 0, 7);
    else {
      const [base, tip] = mark.priority === 'high' ? [bbox.top + size * 2, bbox.top] : [bbox.top, bbox.top + size * 2];
      ctx.moveTo(x - size, base);
      ctx.lineTo(x + size, base);
      ctx.lineTo(x, tip);
    }
    ctx.fill();
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + size * 2);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.globalAlpha = 0.5;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}

/** A grey sheet of paper on the time axis: an order is work, not trouble, and has no colour. */
function drawOrders(plot: uPlot, overlay: Overlay, look: ChartLook): void {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  ctx.strokeStyle = look.dim;
  ctx.fillStyle = look.dim;
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `${look.fontPx * devicePixelRatio}px sans-serif`;
  for (const order of overlay.orders) {
    const x = plot.valToPos(order.atMs, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeRect(x - size * 0.8, bottom - size * 2.4, size * 1.6, size * 2.2);
    for (const line of [1.8, 1.2, 0.7]) ctx.fillRect(x - size * 0.4, bottom - size * line, size * 0.8, 1);
    const before = x + ctx.measureText(order.label).width + size * 2 > bbox.left + bbox.width;
    ctx.textAlign = before ? 'right' : 'left';
    ctx.fillText(order.label, before ? x - size * 1.4 : x + size * 1.4, bottom - size * 0.6);
  }
}

export function overlayPlugin(overlay: () => Overlay, look: ChartLook): uPlot.Plugin {
  const guarded = (draw: (plot: uPlot, overlay: Overlay, look: ChartLook) => void) => (plot: uPlot) => {
    plot.ctx.save();
    draw(plot, overlay(), look);
    plot.ctx.restore();
  };
  return {
    hooks: { drawClear: [guarded(drawHoles)], draw: [guarded(drawLimits), guarded(drawMarks), guarded(drawOrders)] },
  };
}

/** Colours for the canvas, from the tokens of the theme in use. */
export function chartLook(): ChartLook {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => `rgb(${style.getPropertyValue(`--${name}`)})`;
  return {
    ink: token('ink'),
    dim: token('dim'),
    line: token('line'),
    edge: token('edge'),
    band: token('band'),
    alarm: { critical: token('p1'), high: token('p2'), medium: token('p3'), low: token('p4') },
    fontPx: document.documentElement.dataset.density === 'wall' ? 20 : 12,
  };
}
