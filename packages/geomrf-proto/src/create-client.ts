import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { Client, Metadata, connectivityState, credentials, status } from '@grpc/grpc-js';
import type { ChannelCredentials, ClientReadableStream } from '@grpc/grpc-js';
import { RpcError, fromServiceError } from './rpc-error.js';
import { KEEPALIVE, RPC_CHANNEL_OPTIONS } from './rpc-types.js';
import type { DescMethod, GenService, GenServiceMethods, ServiceClient, StreamOptions, UnaryOptions } from './rpc-types.js';

export interface ClientOptions {
  /** Plain text by default. */
  readonly credentials?: ChannelCredentials;
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
  const { keepalive = KEEPALIVE } = options;
  const client = new Client(target, options.credentials ?? credentials.createInsecure(), {
    ...RPC_CHANNEL_OPTIONS,
    'grpc.keepalive_time_ms': keepalive.everyMs,
    'grpc.keepalive_timeout_ms': keepalive.timeoutMs,
    'grpc.enable_retries': 0, // callers know what may be repeated
    'grpc.use_local_subchannel_pool': 1, // so that close() really closes
    'grpc.enable_http_proxy': 0, // an engine is beside us or on the local network
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
  });
  const methods: Record<string, unknown> = { close: () => client.close() };
  for (const [name, method] of Object.entries<DescMethod>(service.method)) {
    const path = `/${service.typeName}/${method.name}`;
    methods[name] = method.methodKind === 'server_streaming' ? streaming(client, path, method, keepalive.timeoutMs) : unary(client, path, method);
  }
  return methods as ServiceClient<Methods>;
}

const serializer = (method: DescMethod) => (request: MessageInitShape<DescMessage>) => Buffer.from(toBinary(method.input, create(method.input, request)));
// Decoding waits until somebody takes the message: what is buffered stays bytes, not objects.
const asBytes = (bytes: Buffer): Buffer => bytes;

function cancelledError(signal: AbortSignal | undefined): RpcError {
  return new RpcError(status.CANCELLED, 'Cancelled on client', { cause: signal?.reason });
}

function unary(client: Client, path: string, method: DescMethod) {
  return (request: MessageInitShape<DescMessage>, { signal, timeoutMs }: UnaryOptions = {}) =>
    new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelledError(signal));
      const deadline = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
      const call = client.makeUnaryRequest(path, serializer(method), asBytes, request, new Metadata(), deadline, (error, bytes) => {
        signal?.removeEventListener('abort', cancel);
        if (signal?.aborted === true && error !== null) return reject(cancelledError(signal));
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

function streaming(client: Client, path: string, method: DescMethod, connectMs: number) {
  return (request: MessageInitShape<DescMessage>, { signal }: StreamOptions = {}): AsyncIterable<unknown> => ({
    [Symbol.asyncIterator]() {
      let call: ClientReadableStream<Buffer> | null = null;
      const aborted = (): boolean => signal?.aborted === true;
      let left = false;
      const cancel = (): void => call?.cancel();
      async function* read(): AsyncGenerator<unknown, void, undefined> {
        if (aborted()) throw cancelledError(signal);
        call = client.makeServerStreamRequest(path, serializer(method), asBytes, request, new Metadata());
        // A cancelled call reports its status even after the loop has gone: not an uncaught exception.
        call.on('error', () => undefined);
        signal?.addEventListener('abort', cancel, { once: true });
        // grpc-js waits for ever for a peer that takes the connection and never speaks.
        let unconnected = false;
        const overdue = setTimeout(() => {
          unconnected = client.getChannel().getConnectivityState(false) !== connectivityState.READY;
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
          throw unconnected ? new RpcError(status.UNAVAILABLE, `no connection within ${connectMs} ms`) : fromServiceError(error);
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
