import { GeomRfEngine, RPC_CHANNEL_OPTIONS, Server, ServerCredentials, addService } from '@satsim/geomrf-proto';
import { createService } from './service.js';

export interface RunningServer {
  /** gRPC target that clients can use. */
  readonly target: string;
  /** Ends all calls and frees the address. */
  stop(): void;
}

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
  addService(server, GeomRfEngine, createService(options));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return {
    target: address.startsWith('unix:') ? address : address.replace(/:\d+$/, `:${port}`),
    stop: () => server.forceShutdown(),
  };
}
