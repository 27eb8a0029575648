import { counterChange } from '@plantroom/contracts';
import type { BoundPoint } from '@plantroom/device-profiles';
import type { Stage } from './stage.ts';

/** What a counter that fell turned out to have done. */
export interface CounterEvent {
  kind: 'wrap' | 'reset' | 'glitch';
  from: number;
  to: number;
}

/** `fallen`: the last value was below `held`; whether it is believed the next one decides. */
export interface CounterState {
  held: number | null;
  fallen: number | null;
}

/**
 * A counter only rises. A value that falls is held back until the next one confirms it, because torn reads and half-started devices
 * give single low values that a meter's bill would show as consumption twice over. Energy and running hours are read slowly enough that
 * one value later is early enough.
 */
export function counterStage(tell: (event: CounterEvent, binding: BoundPoint) => void): Stage<CounterState> {
  return {
    name: 'counter',
    initial: () => ({ held: null, fallen: null }),
    apply(state, reading, binding) {
      const { value } = reading;
      if (binding.kind !== 'counter' || reading.quality !== 'good' || typeof value !== 'number')
        return { state, reading };
      const { held, fallen } = state;
      if (held === null || value >= held) {
        if (held !== null && fallen !== null) tell({ kind: 'glitch', from: held, to: fallen }, binding);
        return { state: { held: value, fallen: null }, reading };
      }
      // Confirmed by a second value that has gone on from the first.
      if (fallen !== null && value >= fallen) {
        tell(
          {
            kind: counterChange(held, value, binding.modulus).kind === 'wrap' ? 'wrap' : 'reset',
            from: held,
            to: value,
          },
          binding,
        );
        return { state: { held: value, fallen: null }, reading };
      }
      return { state: { held, fallen: value }, reading: undefined };
    },
  };
}

export function inWords({ kind, from, to }: CounterEvent): string {
  if (kind === 'glitch') return `${to} after ${from} was not confirmed by the next value and is left out`;
  return kind === 'wrap'
    ? `began again after its highest value: ${from}, then ${to}`
    : `was reset: ${from}, then ${to}`;
}
