import { type Alarm, type PositionFlood, positionOf, type System } from '@plantroom/contracts';
import { useMemo } from 'react';
import { usePositionsOf } from '../api/alarm-kpis.ts';
import { useFloods } from '../live/use-live.ts';
import { useEquipmentIndex } from './site.ts';

export interface FloodOf {
  /** The flood at the position that an alarm belongs to; undefined: none. */
  floodOf: (alarm: Pick<Alarm, 'source' | 'equipment'>) => PositionFlood | undefined;
  systemOf: (alarm: Pick<Alarm, 'equipment'>) => System | null;
  /** Whether any position is in flood. */
  isAny: boolean;
}

export function useFloodOf(): FloodOf {
  const floods = useFloods();
  const equipment = useEquipmentIndex();
  const sites = useMemo(() => [...new Set(floods.map(({ site }) => site))], [floods]);
  const positions = usePositionsOf(sites);
  const systemOf: FloodOf['systemOf'] = ({ equipment: id }) => equipment.get(id ?? '')?.system ?? null;
  return {
    isAny: floods.length > 0,
    systemOf,
    floodOf: (alarm) => {
      const site = alarm.source.split('/')[0] ?? '';
      const mine = floods.filter((flood) => flood.site === site);
      if (mine.length === 0) return undefined;
      const position = positionOf(positions.get(site) ?? [], alarm.equipment, (id) => equipment.get(id)?.system);
      return mine.find((flood) => flood.position === position);
    },
  };
}
