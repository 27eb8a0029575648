import { useEffect, useRef, useState } from 'react';
import { liveStore } from '../live/live.ts';

type Sample = [t: number, v: number | null];

/** Samples kept for one point between two fetches; the oldest go first, for the next fetch brings them. */
const maxSamples = 5000;
const redrawMs = 1000;

/** What came live since `sinceMs`, per point; redraws at most once a second. */
export function useTail(points: readonly string[], sinceMs: number): ReadonlyMap<string, readonly Sample[]> {
  const samples = useRef(new Map<string, Sample[]>());
  const [tail, setTail] = useState<ReadonlyMap<string, readonly Sample[]>>(new Map());
  const key = points.join(' ');
  useEffect(() => {
    const map = new Map<string, Sample[]>();
    samples.current = map;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const redraw = () => {
      timer = undefined;
      setTail(new Map(map));
    };
    const stops = key
      .split(' ')
      .filter((id) => id !== '')
      .map((id) => {
        const take = () => {
          const live = liveStore.point(id);
          if (live === undefined || live.wireTimeMs <= sinceMs) return;
          const list = map.get(id) ?? [];
          const last = list.at(-1);
          if (last !== undefined && last[0] >= live.wireTimeMs) return;
          const value = typeof live.value === 'boolean' ? Number(live.value) : live.value;
          list.push([live.wireTimeMs, live.quality === 'bad' || typeof value !== 'number' ? null : value]);
          if (list.length > maxSamples) list.shift();
          map.set(id, list);
          timer ??= setTimeout(redraw, redrawMs);
        };
        take();
        return liveStore.onPoint(id, take);
      });
    redraw();
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [key, sinceMs]);
  return tail;
}
