import { setTimeout as sleep } from 'node:timers/promises';
import { GeomRfEngine, RPC_CHANNEL_OPTIONS, Server, ServerCredentials, addService } from '@satsim/geomrf-proto';
import { ScenarioStore } from './scenario/scenario-store.js';
import { createService } from './service.js';

export interface RunningServer {
  /** gRPC target that clients can use. */
  readonly target: string;
  /** Ends all calls, streams with UNAVAILABLE, and frees the address. */
  stop(): Promise<void>;
}

/** What readers are allowed until they have heard that their stream is over. */
const STOP_LIMIT_MS = 500;

export interface ServeOptions {
  /** Scenarios without a call or an open stream for this long are closed; for ever by default. */
  readonly idleMs?: number;
}

/**
 * Serves an engine in this thread, without encryption.
 *
 * @param address `host:port` (port 0 for any free one) or `unix:path`
 * @throws what grpc-js says when the address can't be had
 */
export async function serve(address: string, options: ServeOptions = {}): Promise<RunningServer> {
  const server = new Server(RPC_CHANNEL_OPTIONS);
  const scenarios = new ScenarioStore(options.idleMs ?? Infinity);
  addService(server, GeomRfEngine, createService(scenarios));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return {
    target: address.startsWith('unix:') ? address : address.replace(/:\d+$/, `:${port}`),
    stop: async () => {
      scenarios.closeAll();
      const quiet = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await Promise.race([quiet, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
      server.forceShutdown();
    },
  };
}
