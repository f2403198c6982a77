import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { GeomRfEngine, RPC_CHANNEL_OPTIONS, RpcError, RpcStatus, Server, ServerCredentials, addService, createClient } from './index.js';
import type { GeomRfMethods, RpcContext, ServiceClient, ServiceImplementation } from './index.js';

type Methods = GeomRfMethods;
type Impl = ServiceImplementation<Methods>;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const unused = () => {
  throw new RpcError(RpcStatus.UNIMPLEMENTED, 'not in this test');
};
const base: Impl = {
  getVersion: async () => ({ engineVersion: '1.2.3' }),
  getCapabilities: unused,
  createScenario: unused,
  closeScenario: unused,
  streamLinkDeltas: unused,
  streamEvents: unused,
  streamEphemeris: unused,
};

async function serve(impl: Partial<Impl>, address = '127.0.0.1:0'): Promise<ServiceClient<Methods>> {
  const server = new Server(RPC_CHANNEL_OPTIONS);
  addService(server, GeomRfEngine, { ...base, ...impl });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  const client = createClient(GeomRfEngine, address.startsWith('unix:') ? address : `127.0.0.1:${port}`);
  cleanups.push(
    () => client.close(),
    () => server.forceShutdown(),
  );
  return client;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (const start = Date.now(); !condition(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() - start > 5_000) throw new Error('it never happened');
  }
};

/** A client behind a line that can be made to go dead without a word: nothing passes any more, and nothing is closed. */
async function serveOverLine(impl: Partial<Impl>): Promise<{ client: ServiceClient<Methods>; cut(): void }> {
  const server = new Server(RPC_CHANNEL_OPTIONS);
  addService(server, GeomRfEngine, { ...base, ...impl });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  const sockets: Socket[] = [];
  let dead = false;
  const line = createServer((near) => {
    sockets.push(near.on('error', () => undefined));
    if (dead) return;
    const far = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(far);
    near.on('data', (bytes) => dead || far.write(bytes));
    far.on('data', (bytes) => dead || near.write(bytes));
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const client = createClient(GeomRfEngine, `127.0.0.1:${(line.address() as AddressInfo).port}`, { keepalive: { everyMs: 100, timeoutMs: 200 } });
  cleanups.push(
    () => client.close(),
    () => server.forceShutdown(),
    () => line.close(),
    () => sockets.forEach((socket) => socket.destroy()),
  );
  return { client, cut: () => void (dead = true) };
}

describe('unary', () => {
  test('works over TCP and over a Unix socket', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'satsim-rpc-'));
    cleanups.push(() => rm(dir, { recursive: true }));
    for (const address of ['127.0.0.1:0', `unix:${dir}/engine.sock`]) {
      const client = await serve({}, address);
      expect((await client.getVersion({})).engineVersion).toBe('1.2.3');
    }
  });

  test('every status code a server throws arrives with its message', async () => {
    const codes = [RpcStatus.NOT_FOUND, RpcStatus.INVALID_ARGUMENT, RpcStatus.FAILED_PRECONDITION, RpcStatus.RESOURCE_EXHAUSTED, RpcStatus.UNAVAILABLE];
    const client = await serve({
      createScenario: async (request) => {
        throw new RpcError(Number(request.idempotencyKey), 'nodes[3].id: says ü too');
      },
    });
    for (const code of codes) {
      const error = await client.createScenario({ idempotencyKey: String(code) }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(RpcError);
      expect(error).toMatchObject({ code, message: 'nodes[3].id: says ü too' });
    }
  });

  test('any other error of a handler, synchronous or not, is INTERNAL', async () => {
    const client = await serve({
      getCapabilities: () => {
        throw new TypeError('boom');
      },
    });
    await expect(client.getCapabilities({})).rejects.toMatchObject({ code: RpcStatus.INTERNAL, message: 'boom' });
  });

  test('a very long message is cut, not refused', async () => {
    const client = await serve({
      getCapabilities: async () => {
        throw new RpcError(RpcStatus.INVALID_ARGUMENT, 'x'.repeat(200_000));
      },
    });
    const error = (await client.getCapabilities({}).catch((e: unknown) => e)) as RpcError;
    expect(error.code).toBe(RpcStatus.INVALID_ARGUMENT);
    expect(error.message).toMatch(/^x{4000} …$/);
  });

  test('a deadline reaches both sides', async () => {
    let server: AbortSignal | null = null;
    const client = await serve({
      getVersion: (_request, context) => {
        server = context.signal;
        return new Promise(() => undefined);
      },
    });
    await expect(client.getVersion({}, { timeoutMs: 50 })).rejects.toMatchObject({ code: RpcStatus.DEADLINE_EXCEEDED });
    await until(() => server!.aborted);
  });

  test('an AbortSignal reaches the server', async () => {
    let context: RpcContext | null = null;
    const client = await serve({
      getVersion: (_request, c) => {
        context = c;
        return new Promise(() => undefined);
      },
    });
    const abort = new AbortController();
    const call = client.getVersion({}, { signal: abort.signal });
    call.catch(() => undefined);
    await until(() => context !== null);
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: RpcStatus.CANCELLED });
    await until(() => context!.signal.aborted);
    await expect(client.getVersion({}, { signal: abort.signal })).rejects.toMatchObject({ code: RpcStatus.CANCELLED });
  });

  test('a closed client says so, and is a cancelled call for those under way', async () => {
    const client = await serve({ getVersion: () => new Promise(() => undefined) });
    const underWay = client.getVersion({});
    client.close();
    await expect(underWay).rejects.toBeInstanceOf(RpcError);
    const closed = { name: 'RpcError', code: RpcStatus.CANCELLED, message: 'the client is closed' };
    await expect(client.getVersion({})).rejects.toMatchObject(closed);
    await expect(client.streamLinkDeltas({})[Symbol.asyncIterator]().next()).rejects.toMatchObject(closed);
  });

  test('nobody there is UNAVAILABLE', async () => {
    const client = createClient(GeomRfEngine, 'unix:/nonexistent/engine.sock');
    cleanups.push(() => client.close());
    await expect(client.getVersion({}, { timeoutMs: 5_000 })).rejects.toMatchObject({ code: RpcStatus.UNAVAILABLE });
  });

  test('messages beyond 4 MiB pass in both directions', async () => {
    const client = await serve({ createScenario: async (request) => ({ warnings: [request.spec!.name] }) });
    const name = 'n'.repeat(6 * 1024 * 1024);
    const response = await client.createScenario({ spec: { name } });
    expect(response.warnings[0]!.length).toBe(name.length);
  });
});

describe('server streaming', () => {
  const ticks = async function* (count: number) {
    for (let k = 0; k < count; k++) yield { tickIndex: BigInt(k) };
  };

  test('arrives whole and in order', async () => {
    const client = await serve({ streamLinkDeltas: () => ticks(300) });
    const seen: bigint[] = [];
    for await (const batch of client.streamLinkDeltas({})) seen.push(batch.tickIndex);
    expect(seen).toEqual(Array.from({ length: 300 }, (_, k) => BigInt(k)));
  });

  test('an error in the middle comes after what was sent before it', async () => {
    const client = await serve({
      async *streamLinkDeltas() {
        yield* ticks(3);
        throw new RpcError(RpcStatus.NOT_FOUND, 'closed');
      },
    });
    const seen: bigint[] = [];
    const read = async () => {
      for await (const batch of client.streamLinkDeltas({})) seen.push(batch.tickIndex);
    };
    await expect(read()).rejects.toMatchObject({ code: RpcStatus.NOT_FOUND, message: 'closed' });
    expect(seen).toEqual([0n, 1n, 2n]);
  });

  test('break cancels on the server, and the handler is left', async () => {
    let context: RpcContext | null = null;
    let left = false;
    const client = await serve({
      async *streamLinkDeltas(_request, c) {
        context = c;
        try {
          for (let k = 0n; ; k++) {
            yield { tickIndex: k };
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        } finally {
          left = true;
        }
      },
    });
    for await (const batch of client.streamLinkDeltas({})) if (batch.tickIndex === 3n) break;
    await until(() => context!.signal.aborted && left);
  });

  test('abort ends a wait for a silent server, on both sides', async () => {
    let context: RpcContext | null = null;
    const client = await serve({
      async *streamLinkDeltas(_request, c) {
        context = c;
        yield { tickIndex: 0n };
        await new Promise((resolve) => c.signal.addEventListener('abort', resolve));
      },
    });
    const abort = new AbortController();
    const iterator = client.streamLinkDeltas({}, { signal: abort.signal })[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    waiting.catch(() => undefined);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toMatchObject({ code: RpcStatus.CANCELLED, cause: new Error('enough') });
    await until(() => context!.signal.aborted);
  });

  test('return() while a read waits ends both', async () => {
    const client = await serve({
      async *streamLinkDeltas(_request, c) {
        yield { tickIndex: 0n };
        await new Promise((resolve) => c.signal.addEventListener('abort', resolve));
      },
    });
    const iterator = client.streamLinkDeltas({})[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await iterator.return!();
    expect(await waiting).toMatchObject({ done: true });
  });

  test('a reader that stops reading stops the producer', async () => {
    let produced = 0;
    const removals = Array.from({ length: 2_000 }, (_, i) => ({ src: `satellite-${i}`, dst: 'ground', linkType: 1 }));
    const client = await serve({
      async *streamLinkDeltas() {
        for (; ; produced++) yield { tickIndex: BigInt(produced), removals };
      },
    });
    const iterator = client.streamLinkDeltas({})[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = produced;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(produced).toBe(held);
    // 50 KB each, of which 1 MiB waits here, 1 MiB in the connection's window, and 16 messages at the reader.
    expect(held).toBeLessThan(80);
    for (let k = 0; k < 200; k++) await iterator.next();
    expect(produced).toBeGreaterThan(held);
    await iterator.return!();
  });

  test('a server that falls silent for good is UNAVAILABLE within a bounded time; so is one that never says anything', async () => {
    const { client, cut } = await serveOverLine({
      async *streamLinkDeltas(_request, c) {
        yield { tickIndex: 0n };
        await new Promise((resolve) => c.signal.addEventListener('abort', resolve));
      },
    });
    const iterator = client.streamLinkDeltas({})[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    waiting.catch(() => undefined);
    // Silence alone is nothing: as long as pings are answered the server may compute.
    await expect(Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 700, 'still waiting'))])).resolves.toBe('still waiting');
    cut();
    await expect(waiting).rejects.toMatchObject({ code: RpcStatus.UNAVAILABLE });
    await expect(client.streamLinkDeltas({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: RpcStatus.UNAVAILABLE });
  });

  test('a message that cannot be encoded fails the call and leaves the handler', async () => {
    let left = false;
    const client = await serve({
      async *streamLinkDeltas() {
        try {
          yield { tickIndex: -1n };
        } finally {
          left = true;
        }
      },
    });
    const read = async () => {
      for await (const batch of client.streamLinkDeltas({})) expect(batch).toBeNull();
    };
    await expect(read()).rejects.toMatchObject({ code: RpcStatus.INTERNAL });
    await until(() => left);
  });
});
