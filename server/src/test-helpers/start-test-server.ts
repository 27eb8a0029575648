import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LiveDelta,
  type LiveSnapshot,
  type LiveSubscription,
  type Logger,
  livePath,
  silentLogger,
  systemClock,
} from '@plantroom/contracts';
import { io, type Socket } from 'socket.io-client';
import { readEnvironment } from '../environment.ts';
import { type RunningServer, startServer } from '../server.ts';

export const password = 'test password';

export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-server-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

interface TestServerOptions {
  /** Left out: nobody listens there; the server starts all the same, and says so. */
  mqttUrl?: string;
  env?: NodeJS.ProcessEnv;
  logger?: Logger;
}

/** The real server on a free port with a data folder of its own. */
export function startTestServer(
  dataDir: string,
  { mqttUrl = 'mqtt://127.0.0.1:9', env = {}, logger = silentLogger }: TestServerOptions = {},
): Promise<RunningServer> {
  const environment = readEnvironment({
    PLANTROOM_HTTP_PORT: '0',
    PLANTROOM_DATA_DIR: dataDir,
    PLANTROOM_MQTT_URL: mqttUrl,
    PLANTROOM_ADMIN_PASSWORD: password,
    ...env,
  });
  return startServer({
    environment,
    clock: systemClock,
    logger,
    announcePassword: () => undefined,
    dashboardDir: dataDir,
  });
}

export interface Answer<T> {
  status: number;
  body: T;
}

/** A signed-in caller. */
export class TestClient {
  readonly url: string;
  cookie = '';

  constructor(url: string) {
    this.url = url;
  }

  async signIn(username = 'admin', secret = password): Promise<number> {
    const body = JSON.stringify({ username, password: secret });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}/api/session`, { method: 'POST', headers, body });
    this.cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return answer.status;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { cookie: this.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  /** Every delta since the snapshot, as it came. */
  async live(subscription: LiveSubscription): Promise<{ snapshot: LiveSnapshot; deltas: LiveDelta[]; socket: Socket }> {
    const socket = io(this.url, {
      path: livePath,
      transports: ['websocket'],
      extraHeaders: { cookie: this.cookie },
      reconnection: false,
      forceNew: true,
    });
    const deltas: LiveDelta[] = [];
    socket.on('delta', (delta: LiveDelta) => deltas.push(delta));
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', resolve);
      socket.on('connect_error', reject);
    });
    const snapshot = (await socket.emitWithAck('subscribe', subscription)) as LiveSnapshot;
    return { snapshot, deltas, socket };
  }
}
