import { setTimeout as sleep } from 'node:timers/promises';
import { GeomRfEngine, RPC_CHANNEL_OPTIONS, Server, ServerCredentials, addService, requireToken } from '@satsim/geomrf-proto';
import { LIMITS } from './limits.js';
import type { Limits } from './limits.js';
import { createService } from './service.js';
import { ScenarioStore } from './service/scenario-store.js';

export interface RunningServer {
  /** gRPC target that clients can use. */
  readonly target: string;
  /** Ends all calls, streams with UNAVAILABLE, and frees the address. */
  stop(): Promise<void>;
}

/** What readers are allowed until they have heard that their stream is over. */
const STOP_LIMIT_MS = 500;

/** PEM. */
export interface ServerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Only clients with a certificate of one of these authorities are let in. */
  readonly clientCa?: Buffer | undefined;
}

export interface ServeOptions {
  /** Scenarios without a call or an open stream for this long are closed; for ever by default. */
  readonly idleMs?: number;
  readonly limits?: Partial<Omit<Limits, 'minDtMs' | 'maxDtMs'>>;
  /** Plain text by default. */
  readonly tls?: ServerTls | undefined;
  /** Only calls that carry it are let in. */
  readonly token?: string | undefined;
  /** Reflection and health beside the engine's own service. */
  readonly publicServices?: boolean;
  /** Threads that compute a stream; by the network's size where it is not said. */
  readonly workers?: number | undefined;
}

/**
 * Serves an engine in this thread.
 *
 * @param address `host:port` (port 0 for any free one) or `unix:path`
 * @throws what grpc-js says when the address can't be had, or OpenSSL of a certificate or key that is none
 */
export async function serve(address: string, options: ServeOptions = {}): Promise<RunningServer> {
  const { idleMs = Infinity, tls, token } = options;
  const limits = { ...LIMITS, ...options.limits };
  const server = new Server({ ...RPC_CHANNEL_OPTIONS, interceptors: token === undefined ? [] : [requireToken(token)] });
  const scenarios = new ScenarioStore(limits, idleMs);
  addService(server, GeomRfEngine, createService(scenarios, limits, options.workers));
  const shared = options.publicServices === true ? (await import('./service/public-services.js')).addPublicServices(server) : null;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentialsOf(tls), (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return {
    target: address.startsWith('unix:') ? address : address.replace(/:\d+$/, `:${port}`),
    stop: async () => {
      shared?.notServing();
      scenarios.closeAll();
      const quiet = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await Promise.race([quiet, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
      server.forceShutdown();
    },
  };
}

function credentialsOf(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const { cert, key, clientCa } = tls;
  return ServerCredentials.createSsl(clientCa ?? null, [{ cert_chain: cert, private_key: key }], clientCa !== undefined);
}
