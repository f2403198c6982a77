import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SatsimError } from '@satsim/core';

type Exposition = () => Promise<{ readonly contentType: string; readonly body: string }>;

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'this user may not open the port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no host of that name',
};

/** Answers `GET /metrics` until it is closed. */
export class MetricsServer {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @throws SatsimError EXPORTER_FAILED when it can't listen there */
  static async listen(host: string, port: number, exposition: Exposition): Promise<MetricsServer> {
    const server = createServer((request, response) => void answer(request, response, exposition));
    try {
      server.listen({ host, port });
      await once(server, 'listening');
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      throw new SatsimError('EXPORTER_FAILED', `can't serve metrics on ${authority(host, port)}: ${REASONS[code] ?? message}`, {
        cause: error,
        hint: 'set exporters.prometheus.port to another one (0 picks a free one) or exporters.prometheus.listen to false for the file only',
      });
    }
    // Whatever happens to the run, this must not keep the process.
    server.unref();
    return new MetricsServer(server, `http://${authority(host, (server.address() as AddressInfo).port)}/metrics`);
  }

  /** Resolves when nothing listens any more and every connection is closed. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    // A scraper keeps its connection for the next time, and close would wait for it.
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer({ method, url }: IncomingMessage, response: ServerResponse, exposition: Exposition): Promise<void> {
  const path = url?.split('?', 1)[0];
  if (path !== '/metrics') return plain(response, 404, 'metrics are at /metrics\n');
  if (method !== 'GET' && method !== 'HEAD') return plain(response.setHeader('allow', 'GET, HEAD'), 405, 'only GET and HEAD\n');
  try {
    const { contentType, body } = await exposition();
    response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(method === 'HEAD' ? undefined : body);
  } catch (error) {
    plain(response, 500, `${String(error)}\n`);
  }
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

const authority = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
