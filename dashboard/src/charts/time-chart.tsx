import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartData } from './chart-data.ts';
import { type ChartLook, type Overlay, overlayPlugin, plotOptions, type TrackLook } from './plot-options.ts';

interface Props {
  data: ChartData;
  tracks: readonly TrackLook[];
  /** Limits, alarm marks and holes; drawn under and over the lines. */
  overlay: Overlay;
  fromMs: number;
  toMs: number;
  timeZone: string;
  height: number;
  look: ChartLook;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
  /** Index into data.x under the cursor; null when it has left. */
  onCursor: (index: number | null) => void;
}

/** uPlot in React with three update paths: options rebuild it, data and size do not. */
export function TimeChart(props: Props) {
  const { data, tracks, overlay, fromMs, toMs, timeZone, height, look } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [width, setWidth] = useState(0);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);

  // Options: what cannot change in a living plot. The wall theme counts, since colours go into the canvas.
  const optionsKey = JSON.stringify([tracks, timeZone, look]);
  const ready = width > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: size and data have their own paths below
  useEffect(() => {
    const element = host.current;
    if (element === null || !ready) return;
    const options = plotOptions({
      tracks,
      timeZone,
      look,
      width,
      height,
      range: () => [latest.current.fromMs, latest.current.toMs],
      plugin: overlayPlugin(() => latest.current.overlay, look),
      onZoom: (from, to) => latest.current.onZoom(from, to),
      onReset: () => latest.current.onReset(),
      onCursor: (index) => latest.current.onCursor(index),
    });
    const made = new uPlot(options, toPlotData(latest.current.data), element);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [optionsKey, ready]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: overlay and window are read from `latest` when it draws
  useEffect(() => {
    plot.current?.setData(toPlotData(data));
  }, [data, overlay, fromMs, toMs]);

  return <div ref={host} style={{ height }} data-testid="chart" />;
}

function toPlotData(data: ChartData): uPlot.AlignedData {
  return [data.x, ...data.ys] as uPlot.AlignedData;
}
