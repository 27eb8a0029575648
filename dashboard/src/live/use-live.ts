import type {
  Alarm,
  Command,
  Device,
  Gateway,
  LiveSubscription,
  PositionFlood,
  TestMode,
  WorkOrder,
} from '@plantroom/contracts';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { liveStore, setLiveScope } from './live.ts';
import type { LinkMeta, ListTopic, LivePoint } from './live-store.ts';

/** One subscription per point: a change redraws the cells of that point and nothing else. */
export function usePointValue(id: string): LivePoint | undefined {
  const subscribe = useCallback((listener: () => void) => liveStore.onPoint(id, listener), [id]);
  return useSyncExternalStore(subscribe, () => liveStore.point(id));
}

function useList<T>(topic: ListTopic, read: () => T): T {
  const subscribe = useCallback((listener: () => void) => liveStore.onList(topic, listener), [topic]);
  return useSyncExternalStore(subscribe, read);
}

const readAlarms = () => liveStore.alarms();
const readOrders = () => liveStore.workOrders();
const readGateways = () => liveStore.gateways();
const readDevices = () => liveStore.devices();
const readTestModes = () => liveStore.testModes();
const readFloods = () => liveStore.floods();
const readMeta = () => liveStore.meta();
const readState = () => liveStore.meta().state;
const readLoaded = () => liveStore.loaded();

export const useAlarms = (): readonly Alarm[] => useList('alarms', readAlarms);
export const useLiveOrders = (): readonly WorkOrder[] => useList('workOrders', readOrders);
export const useLiveGateways = (): readonly Gateway[] => useList('gateways', readGateways);
export const useLiveDevices = (): readonly Device[] => useList('devices', readDevices);
/** Requested or running. */
export const useTestModes = (): readonly TestMode[] => useList('testModes', readTestModes);
/** Those that go on. */
export const useFloods = (): readonly PositionFlood[] => useList('floods', readFloods);
export const useLinkMeta = (): LinkMeta => useList('meta', readMeta);
/** Redraws only when the state itself changes. */
export const useLinkState = (): LinkMeta['state'] => useList('meta', readState);
export const useLiveLoaded = (): boolean => useList('meta', readLoaded);

export function useCommand(point: string): Command | undefined {
  return useList('commands', () => liveStore.command(point));
}

/** What this page wants to see live; the next page replaces it. */
export function useLiveScope(scope: LiveSubscription['scope']): void {
  const key = JSON.stringify(scope);
  useEffect(() => setLiveScope(JSON.parse(key) as LiveSubscription['scope']), [key]);
}
