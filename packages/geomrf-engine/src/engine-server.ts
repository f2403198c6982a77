import { messageOf, SatsimError } from '@satsim/core';
import { removeDeadSocket } from './dead-socket.js';
import { LIMITS } from './limits.js';
import { serve } from './serve.js';

export interface EngineServer {
  /** gRPC target; with port 0 the port that was found. */
  readonly target: string;
  stop(): Promise<void>;
}

/**
 * Serves the engine in this thread, for others (`satsim engine serve`). There is no encryption and no authentication.
 *
 * @param options.address `host:port`, port 0 for any free one, or `unix:path`; a socket left there by a server that was killed is replaced
 * @throws SatsimError USAGE when it is no address, LISTEN_FAILED when it can't be had
 */
export async function startEngineServer(options: { readonly address: string }): Promise<EngineServer> {
  const { address } = options;
  if (!/^(unix:.+|[^:/]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5})$/.test(address)) {
    throw new SatsimError('USAGE', `The engine cannot listen on '${address}'`, { hint: 'an address is host:port or unix:path' });
  }
  try {
    if (address.startsWith('unix:')) await removeDeadSocket(address.slice('unix:'.length));
    const server = await serve(address, { idleMs: LIMITS.idleMs });
    return { target: server.target, stop: () => server.stop() };
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
