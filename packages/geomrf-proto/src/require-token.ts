import { createHash, timingSafeEqual } from 'node:crypto';
import { Metadata, ServerInterceptingCall, ServerListenerBuilder, status } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';

/** Probes can't carry a token, and learn no more than that somebody serves. */
const OPEN_TO_ALL = '/grpc.health.v1.Health/';

/** A token travels in an HTTP/2 header. */
export const TOKEN_PATTERN = /^[\x21-\x7e]+$/;

/** What a client with a token sends along with every call. */
export function tokenMetadata(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/**
 * Lets only calls pass whose metadata has `authorization: Bearer <token>`; others, but those of the health service, are
 * UNAUTHENTICATED. For `new Server({ interceptors: [requireToken(token)] })`.
 */
export function requireToken(token: string): ServerInterceptor {
  const wanted = digest(`Bearer ${token}`);
  return ({ path }, call) => {
    if (path.startsWith(OPEN_TO_ALL)) return new ServerInterceptingCall(call);
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      const given = metadata.get('authorization');
      if (given.length === 1 && timingSafeEqual(digest(given[0]!), wanted)) return next(metadata);
      const details = given.length === 0 ? 'a token is needed' : 'the token is not the right one';
      call.sendStatus({ code: status.UNAUTHENTICATED, details, metadata: new Metadata() });
    });
    return new ServerInterceptingCall(call, { start: (next) => next(listener.build()) });
  };
}

/** Of equal length whatever was given, so that comparing takes the same time. */
function digest(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}
