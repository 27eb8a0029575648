import type { Alarm, CurrentValue, HistorySeries, WorkOrder } from '@plantroom/contracts';

/** A signed-in user of the HTTP API, as a machine or a script would be. */
export class ApiClient {
  readonly url: string;
  #cookie = '';

  constructor(url: string) {
    this.url = url;
  }

  get cookie(): string {
    return this.#cookie;
  }

  async signIn(username: string, password: string): Promise<void> {
    const answer = await fetch(`${this.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    this.#cookie = answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { cookie: this.#cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>('GET', path);
  }

  async alarms(): Promise<Alarm[]> {
    return (await this.get<{ items: Alarm[] }>('/api/alarms')).items;
  }

  async workOrders(): Promise<WorkOrder[]> {
    return (await this.get<{ items: WorkOrder[] }>('/api/work-orders')).items;
  }

  async values(equipment: string): Promise<CurrentValue[]> {
    return (await this.get<{ items: CurrentValue[] }>(`/api/points?equipment=${encodeURIComponent(equipment)}`)).items;
  }

  async history(point: string, fromMs: number, toMs: number): Promise<HistorySeries> {
    const query = new URLSearchParams({
      point,
      from: String(fromMs),
      to: String(toMs),
      aggregate: 'raw',
      limit: '200000',
    });
    const series = (await this.get<{ series: HistorySeries[] }>(`/api/points/history?${query}`)).series[0];
    if (series === undefined) throw new Error(`no series for ${point}`);
    return series;
  }
}
