import type {
  AlarmJournalEntry,
  AlarmSetting,
  Command,
  Equipment,
  EquipmentDetail,
  HistoryAggregate,
  HistorySeries,
  Point,
  Session,
  Site,
  Space,
  User,
  WorkOrder,
  WorkOrderDetail,
} from '@plantroom/contracts';
import { keepPreviousData, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, type Page, request, requestAll } from './client.ts';

const minute = 60_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: minute,
      // What the server refused it will refuse again; what did not arrive is worth two more tries.
      retry: (count, error) => count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: false,
    },
  },
});

export const keys = {
  session: ['session'],
  workOrder: (id: string) => ['work-order', id],
  journal: (equipment: string | null) => ['journal', equipment],
  equipmentDetail: (id: string) => ['equipment', id],
  points: (site: string) => ['points', site],
} as const;

/** Null: nobody is signed in. */
async function fetchSession(): Promise<Session | null> {
  try {
    return await request<Session>('/api/session');
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}

export const useSession = () =>
  useQuery({ queryKey: keys.session, queryFn: fetchSession, staleTime: Number.POSITIVE_INFINITY });

export const useSites = () =>
  useQuery({ queryKey: ['sites'], queryFn: ({ signal }) => requestAll<Site>('/api/sites', { signal }) });

export const useSpaces = () =>
  useQuery({ queryKey: ['spaces'], queryFn: ({ signal }) => requestAll<Space>('/api/spaces', { signal }) });

export const useEquipmentList = () =>
  useQuery({
    queryKey: ['equipment'],
    queryFn: ({ signal }) => requestAll<Equipment>('/api/equipment', { signal }),
    refetchInterval: minute,
  });

const detailQuery = (id: string) => ({
  queryKey: keys.equipmentDetail(id),
  queryFn: ({ signal }: { signal: AbortSignal }) => request<EquipmentDetail>(`/api/equipment/${id}`, { signal }),
});

/** Points of a whole site, with names, units and limits. */
export const useSitePoints = (site: string | undefined) =>
  useQuery({
    queryKey: keys.points(site ?? ''),
    queryFn: ({ signal }) => requestAll<Point>(`/api/points?site=${site}`, { signal }),
    enabled: site !== undefined,
    refetchInterval: 5 * minute,
  });

export const useEquipment = (id: string) => useQuery(detailQuery(id));

/** Alarms of an equipment as they are in force. */
/** What a changed definition shows in: the settings of the equipment's alarms, and the limits of its points. */
export function useRefreshDefinitions(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    for (const key of ['alarm-settings', 'equipment', 'points']) await client.invalidateQueries({ queryKey: [key] });
  };
}

export const useAlarmSettings = (equipment: string) =>
  useQuery({
    queryKey: ['alarm-settings', equipment],
    queryFn: async ({ signal }) => {
      const url = `/api/alarms/definitions?equipment=${encodeURIComponent(equipment)}`;
      return (await request<{ items: AlarmSetting[] }>(url, { signal })).items;
    },
  });

export const useWorkOrder = (id: string, revision: number | undefined) =>
  useQuery({
    queryKey: [...keys.workOrder(id), revision],
    queryFn: ({ signal }) => request<WorkOrderDetail>(`/api/work-orders/${id}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** With the closed ones; the open ones also come live. */
export const useAllOrders = (enabled: boolean) =>
  useQuery({
    queryKey: ['work-orders'],
    queryFn: ({ signal }) => requestAll<WorkOrder>('/api/work-orders?all=true', { signal, maxPages: 5 }),
    enabled,
    staleTime: 5000,
  });

/** Newest first; of one piece of equipment, or of all. */
export const useJournal = (equipment: string | null = null) =>
  useQuery({
    queryKey: keys.journal(equipment),
    queryFn: ({ signal }) =>
      requestAll<AlarmJournalEntry>(
        equipment === null ? '/api/alarms/journal' : `/api/alarms/journal?equipment=${encodeURIComponent(equipment)}`,
        { signal, maxPages: 3 },
      ),
    staleTime: 2000,
    refetchInterval: 10_000,
  });

/** Newest first. `moved`: changes whenever a command of the point is heard to move on. */
export const useCommands = (point: string, moved: string) =>
  useQuery({
    queryKey: ['commands', point, moved],
    queryFn: ({ signal }) =>
      request<Page<Command>>(`/api/points/commands?limit=5&point=${encodeURIComponent(point)}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 2000,
  });

export const useUsers = () =>
  useQuery({ queryKey: ['users'], queryFn: ({ signal }) => requestAll<User>('/api/users', { signal }), retry: false });

export interface HistoryRequest {
  points: readonly string[];
  fromMs: number;
  toMs: number;
  /** Bucket width, ms; null: raw. */
  resolutionMs: number | null;
  aggregate: HistoryAggregate;
}

export async function fetchHistory(query: HistoryRequest, signal: AbortSignal): Promise<HistorySeries[]> {
  const search = new URLSearchParams();
  for (const point of query.points) search.append('point', point);
  search.set('from', String(Math.floor(query.fromMs)));
  search.set('to', String(Math.ceil(query.toMs)));
  search.set('aggregate', query.resolutionMs === null ? 'raw' : query.aggregate);
  if (query.resolutionMs !== null) search.set('resolution', String(query.resolutionMs));
  const answer = await request<{ series: HistorySeries[] } | HistorySeries[]>(`/api/points/history?${search}`, {
    signal,
  });
  return Array.isArray(answer) ? answer : answer.series;
}

/** Where the samples of some points are had as a Parquet file. */
export function exportAddress(points: readonly string[], fromMs: number, toMs: number): string {
  const query = { format: 'parquet', from: String(Math.floor(fromMs)), to: String(Math.ceil(toMs)) };
  const search = new URLSearchParams(query);
  for (const point of points) search.append('point', point);
  return `/api/points/history/export?${search}`;
}

export const useHistory = (query: HistoryRequest | null) =>
  useQuery({
    queryKey: ['history', query],
    queryFn: ({ signal }) => (query === null ? [] : fetchHistory(query, signal)),
    enabled: query !== null && query.points.length > 0,
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
