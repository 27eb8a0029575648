import { createServer, type Server } from 'node:http';
import type { Health } from '@plantroom/contracts';
import type { Registry } from 'prom-client';

export interface MetricsServerOptions {
  /** 0: any free one. */
  port: number;
  registry: Registry;
  health(): Health;
}

/** `/metrics` and `/health` on loopback. */
export class MetricsServer {
  readonly #o: MetricsServerOptions;
  #server: Server | undefined;

  constructor(options: MetricsServerOptions) {
    this.#o = options;
  }

  /** The port it listens on. Rejects when the port is taken. */
  async start(): Promise<number> {
    const { registry, health } = this.#o;
    const server = createServer((request, response) => {
      if (request.url === '/health') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(health()));
        return;
      }
      if (request.url !== '/metrics') {
        response.writeHead(404).end('known: /metrics /health\n');
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#o.port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#server = server;
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : this.#o.port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
