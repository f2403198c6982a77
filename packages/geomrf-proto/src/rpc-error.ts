import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError, StatusObject } from '@grpc/grpc-js';

/** Status details travel in an HTTP/2 header, and header blocks are limited: longer messages are cut. */
const MAX_DETAILS = 4_000;

/** A gRPC status as an error: thrown by servers to set the status of a call, thrown by clients when a call fails. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: status;

  constructor(code: status, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What a handler threw, as the status to send: INTERNAL unless it is an {@link RpcError}. */
export function toStatus(error: unknown): Partial<StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: error instanceof RpcError ? error.code : status.INTERNAL,
    details: message.length > MAX_DETAILS ? `${message.slice(0, MAX_DETAILS)} …` : message,
    metadata: new Metadata(),
  };
}

/** What grpc-js reported, as an {@link RpcError}; anything else (a message that can't be decoded) is INTERNAL. */
export function fromServiceError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const service = error as Partial<ServiceError>;
  if (typeof service.code === 'number' && typeof service.details === 'string') {
    // grpc-js ends some messages with a note that is empty.
    return new RpcError(service.code, service.details.replace(/\s*Resolution note:\s*$/, ''), { cause: error });
  }
  return new RpcError(status.INTERNAL, error instanceof Error ? error.message : String(error), { cause: error });
}
