import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { Client, connectivityState, credentials, status } from '@grpc/grpc-js';
import type { ChannelCredentials, ChannelOptions, ClientReadableStream } from '@grpc/grpc-js';
import { tokenMetadata } from './require-token.js';
import { RpcError, fromServiceError } from './rpc-error.js';
import { KEEPALIVE, RPC_CHANNEL_OPTIONS } from './rpc-types.js';
import type { DescMethod, GenService, GenServiceMethods, ServiceClient, StreamOptions, UnaryOptions } from './rpc-types.js';

/** PEM. */
export interface ClientTls {
  /** Trusted instead of what this machine trusts. */
  readonly ca?: Buffer | undefined;
  /** Our own certificate and its key, for servers that ask for one. */
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  /** Name in the server's certificate, where it is not that of the target. */
  readonly serverName?: string | undefined;
}

export interface ClientOptions {
  /** Plain text by default. */
  readonly tls?: ClientTls | undefined;
  /** Sent with every call, in plain text too. */
  readonly token?: string | undefined;
  /** {@link KEEPALIVE} by default. */
  readonly keepalive?: typeof KEEPALIVE;
}

/**
 * A typed client for a generated service; it connects with its first call.
 *
 * @param target `host:port` or `unix:path`
 */
export function createClient<Methods extends GenServiceMethods>(
  service: GenService<Methods>,
  target: string,
  options: ClientOptions = {},
): ServiceClient<Methods> {
  const { keepalive = KEEPALIVE, tls, token } = options;
  const client = new Client(target, tls === undefined ? credentials.createInsecure() : secure(tls), {
    ...RPC_CHANNEL_OPTIONS,
    ...nameOverride(tls),
    'grpc.keepalive_time_ms': keepalive.everyMs,
    'grpc.keepalive_timeout_ms': keepalive.timeoutMs,
    'grpc.enable_retries': 0, // callers know what may be repeated
    'grpc.use_local_subchannel_pool': 1, // so that close() really closes
    'grpc.enable_http_proxy': 0, // an engine is beside us or on the local network
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
  });
  let closed = false;
  const close = (): void => {
    closed = true;
    client.close();
  };
  const methods: Record<string, unknown> = { close };
  for (const [name, method] of Object.entries<DescMethod>(service.method)) {
    const path = `/${service.typeName}/${method.name}`;
    const call = { client, isClosed: () => closed, path, method, token, connectMs: keepalive.timeoutMs };
    methods[name] = method.methodKind === 'server_streaming' ? streaming(call) : unary(call);
  }
  return methods as ServiceClient<Methods>;
}

/** @throws what OpenSSL says of a certificate or key that is none */
function secure({ ca, cert, key }: ClientTls): ChannelCredentials {
  return credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
}

function nameOverride(tls: ClientTls | undefined): ChannelOptions {
  if (tls?.serverName === undefined) return {};
  return { 'grpc.ssl_target_name_override': tls.serverName, 'grpc.default_authority': tls.serverName };
}

interface Callable {
  readonly client: Client;
  /** grpc-js throws when a client is used that was closed. */
  readonly isClosed: () => boolean;
  readonly path: string;
  readonly method: DescMethod;
  readonly token: string | undefined;
  /** How long a stream may wait for its connection. */
  readonly connectMs: number;
}

const isConnected = (client: Client): boolean => client.getChannel().getConnectivityState(false) === connectivityState.READY;

function closedError(): RpcError {
  return new RpcError(status.CANCELLED, 'the client is closed');
}

function noConnection(withinMs: number): RpcError {
  return new RpcError(status.UNAVAILABLE, `no connection within ${withinMs / 1000} s`);
}

const serializer = (method: DescMethod) => (request: MessageInitShape<DescMessage>) => Buffer.from(toBinary(method.input, create(method.input, request)));
// Decoding waits until somebody takes the message: what is buffered stays bytes, not objects.
const asBytes = (bytes: Buffer): Buffer => bytes;

function cancelledError(signal: AbortSignal | undefined): RpcError {
  return new RpcError(status.CANCELLED, 'Cancelled on client', { cause: signal?.reason });
}

function unary({ client, isClosed, path, method, token }: Callable) {
  return (request: MessageInitShape<DescMessage>, { signal, timeoutMs }: UnaryOptions = {}) =>
    new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelledError(signal));
      if (isClosed()) return reject(closedError());
      const deadline = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
      const call = client.makeUnaryRequest(path, serializer(method), asBytes, request, tokenMetadata(token), deadline, (error, bytes) => {
        signal?.removeEventListener('abort', cancel);
        if (signal?.aborted === true && error !== null) return reject(cancelledError(signal));
        // grpc-js waits for ever for a peer that takes the connection and never speaks.
        if (error?.code === status.DEADLINE_EXCEEDED && !isConnected(client)) return reject(noConnection(timeoutMs!));
        if (error !== null) return reject(fromServiceError(error));
        try {
          resolve(fromBinary(method.output, bytes!));
        } catch (failure) {
          reject(fromServiceError(failure));
        }
      });
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
}

function streaming({ client, isClosed, path, method, token, connectMs }: Callable) {
  return (request: MessageInitShape<DescMessage>, { signal }: StreamOptions = {}): AsyncIterable<unknown> => ({
    [Symbol.asyncIterator]() {
      let call: ClientReadableStream<Buffer> | null = null;
      const aborted = (): boolean => signal?.aborted === true;
      let left = false;
      const cancel = (): void => call?.cancel();
      async function* read(): AsyncGenerator<unknown, void, undefined> {
        if (aborted()) throw cancelledError(signal);
        if (isClosed()) throw closedError();
        call = client.makeServerStreamRequest(path, serializer(method), asBytes, request, tokenMetadata(token));
        // A cancelled call reports its status even after the loop has gone: not an uncaught exception.
        call.on('error', () => undefined);
        signal?.addEventListener('abort', cancel, { once: true });
        let unconnected = false;
        const overdue = setTimeout(() => {
          unconnected = !isConnected(client);
          if (unconnected) cancel();
        }, connectMs);
        try {
          // Readable's own iterator pulls: grpc-js starts the next read only while few messages are buffered.
          for await (const bytes of call) {
            if (aborted()) throw cancelledError(signal);
            yield fromBinary(method.output, bytes as Buffer);
          }
        } catch (error) {
          if (left) return;
          if (aborted()) throw cancelledError(signal);
          throw unconnected ? noConnection(connectMs) : fromServiceError(error);
        } finally {
          clearTimeout(overdue);
          signal?.removeEventListener('abort', cancel);
          cancel();
        }
      }
      const generator = read();
      return {
        next: () => generator.next(),
        // Cancels first: a generator that waits for the server answers `return()` only when the wait is over.
        return: () => {
          left = true;
          cancel();
          return generator.return();
        },
      };
    },
  });
}
