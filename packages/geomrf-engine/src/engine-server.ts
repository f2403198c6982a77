import { messageOf, SatsimError } from '@satsim/core';
import { removeDeadSocket } from './dead-socket.js';
import { IDLE_MS } from './limits.js';
import { serve } from './serve.js';
import { readServerAccess } from './service/server-access.js';
import type { AccessFiles } from './service/server-access.js';
import { ENGINE_VERSION, SCHEMA_VERSION } from './version.js';

export interface EngineServer {
  /** gRPC target; with port 0 the port that was found. */
  readonly target: string;
  readonly engineVersion: string;
  readonly schemaVersion: string;
  readonly tls: boolean;
  /** Whether clients need a certificate of their own. */
  readonly clientCertificates: boolean;
  readonly token: boolean;
  /** What people should know before others use it. */
  readonly warnings: readonly string[];
  stop(): Promise<void>;
}

export interface EngineServerOptions extends AccessFiles {
  /** `host:port`, port 0 for any free one, or `unix:path`; a socket left there by a server that was killed is replaced. */
  readonly address: string;
  /** Threads that compute a stream of link deltas; by the network's size where it is not said. */
  readonly workers?: number | undefined;
}

/**
 * Serves the engine in this thread, for others (`satsim engine serve`), with reflection and health beside it.
 *
 * @throws SatsimError USAGE for an address or a file that is none, LISTEN_FAILED when the address can't be had
 */
export async function startEngineServer(options: EngineServerOptions): Promise<EngineServer> {
  const { address } = options;
  if (!/^(unix:.+|[^:/]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5})$/.test(address)) {
    throw new SatsimError('USAGE', `The engine cannot listen on '${address}'`, { hint: 'an address is host:port or unix:path' });
  }
  const { tls, token, warnings } = readServerAccess(options);
  try {
    if (address.startsWith('unix:')) await removeDeadSocket(address.slice('unix:'.length));
    const server = await serve(address, { idleMs: IDLE_MS, tls, token, publicServices: true, workers: options.workers });
    return {
      target: server.target,
      engineVersion: ENGINE_VERSION,
      schemaVersion: SCHEMA_VERSION,
      tls: tls !== undefined,
      clientCertificates: tls?.clientCa !== undefined,
      token: token !== undefined,
      warnings: [...warnings, ...exposure(address, tls !== undefined, token !== undefined || tls?.clientCa !== undefined)],
      stop: () => server.stop(),
    };
  } catch (error) {
    const reason = messageOf(error);
    const inUse = reason.includes('EADDRINUSE');
    throw new SatsimError(
      'LISTEN_FAILED',
      inUse ? `The engine cannot listen on ${address}: it is in use` : `The engine cannot listen on ${address}: ${reason}`,
      {
        cause: error,
        hint: inUse && !address.startsWith('unix:') ? 'choose another port, or port 0 for any free one' : 'choose another address',
      },
    );
  }
}

/** Labs have reasons to do without, so this is no error. */
function exposure(address: string, encrypted: boolean, closed: boolean): string[] {
  if (/^(unix:|localhost:|127\.|\[::1\])/.test(address)) return [];
  return [
    ...(encrypted ? [] : [`${address} can be reached from other machines, without encryption: see --tls-cert`]),
    ...(closed ? [] : [`everybody who can reach ${address} may use this engine: see --token-file`]),
  ];
}
