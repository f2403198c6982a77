import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import type { Server, ServerWritableStream, UntypedServiceImplementation, handleUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import { toStatus } from './rpc-error.js';
import type { DescMethod, GenService, GenServiceMethods, RpcContext, ServiceImplementation } from './rpc-types.js';

type AnyUnary = (request: unknown, context: RpcContext) => Promise<MessageInitShape<DescMessage>>;
type AnyStream = (request: unknown, context: RpcContext) => AsyncIterable<MessageInitShape<DescMessage>>;
type Encode = (message: MessageInitShape<DescMessage>) => Buffer;

/**
 * Serves a generated service. A handler that throws an `RpcError` sets the status of the call; anything else is INTERNAL
 * with the error's message. A streaming handler is pulled only as fast as the reader takes what it yields; it should watch
 * `context.signal`, and is sent `return()` when the caller is gone.
 */
export function addService<Methods extends GenServiceMethods>(server: Server, service: GenService<Methods>, impl: ServiceImplementation<Methods>): void {
  const definition: Record<string, ServiceDefinition[string]> = {};
  const handlers: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries<DescMethod>(service.method)) {
    const handler: unknown = impl[name];
    definition[name] = {
      path: `/${service.typeName}/${method.name}`,
      requestStream: false,
      responseStream: method.methodKind === 'server_streaming',
      requestSerialize: () => Buffer.alloc(0), // the server never writes requests
      requestDeserialize: (bytes: Buffer) => fromBinary(method.input, bytes),
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: () => undefined,
    };
    const encode: Encode = (message) => asBuffer(toBinary(method.output, create(method.output, message)));
    if (method.methodKind === 'unary') handlers[name] = unary(handler as AnyUnary, encode);
    else if (method.methodKind === 'server_streaming')
      handlers[name] = (call: ServerWritableStream<unknown, Buffer>) => void pump(call, handler as AnyStream, encode);
    else throw new TypeError(`${service.typeName}.${method.name}: ${method.methodKind} methods are not supported`);
  }
  server.addService(definition, handlers);
}

function unary(handler: AnyUnary, encode: Encode): handleUnaryCall<unknown, Buffer> {
  return (call, respond) => {
    const abort = new AbortController();
    call.on('cancelled', () => abort.abort());
    // The async wrapper turns a synchronous throw into a rejection as well.
    (async () => encode(await handler(call.request, { signal: abort.signal, metadata: call.metadata })))().then(
      (response) => respond(null, response),
      (error: unknown) => respond(toStatus(error)),
    );
  };
}

/** A reader that is slower than its producer has at most this many bytes, and one message, waiting for it here. */
const MAX_UNSENT_BYTES = 1024 * 1024;

async function pump(call: ServerWritableStream<unknown, Buffer>, handler: AnyStream, encode: Encode): Promise<void> {
  const abort = new AbortController();
  let iterator: AsyncIterator<MessageInitShape<DescMessage>> | null = null;
  let unsent = 0;
  let wake = (): void => undefined;
  // Not awaited: a generator that still waits for something answers `return()` only afterwards.
  const leave = (): void => void Promise.resolve(iterator?.return?.()).catch(() => undefined);
  call.on('cancelled', () => {
    abort.abort();
    leave();
    wake();
  });
  try {
    iterator = handler(call.request, { signal: abort.signal, metadata: call.metadata })[Symbol.asyncIterator]();
    for (;;) {
      const next = await iterator.next();
      if (abort.signal.aborted) return;
      if (next.done === true) {
        call.end();
        return;
      }
      const bytes = encode(next.value);
      unsent += bytes.length;
      call.write(bytes, () => {
        unsent -= bytes.length;
        wake();
      });
      while (unsent > MAX_UNSENT_BYTES && !abort.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    }
  } catch (error) {
    if (abort.signal.aborted) return;
    call.emit('error', toStatus(error));
    leave();
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
