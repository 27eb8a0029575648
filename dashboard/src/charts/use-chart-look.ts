import { useMemo } from 'react';
import { usePreferences } from '../state/preferences.ts';
import { type ChartLook, chartLook } from './plot-options.ts';

/** The colours and sizes of charts in the theme and density in use. */
export function useChartLook(): ChartLook {
  const { theme, density } = usePreferences();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme and the density change what the tokens say
  return useMemo(chartLook, [theme, density]);
}
