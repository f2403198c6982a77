import { fileURLToPath } from 'node:url';
import { Client, Metadata, credentials, status } from '@grpc/grpc-js';
import type { ServiceDefinition, ServiceError } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { startEngineServer } from '@satsim/geomrf-engine';
import type { EngineServer } from '@satsim/geomrf-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workplace } from './satsim.js';

// What grpcurl and its like do: they know the reflection protocol and nothing of our contract.

const place = workplace();
let engine: EngineServer;
beforeAll(async () => void (engine = await startEngineServer({ address: '127.0.0.1:0' })));
afterAll(async () => {
  await engine.stop();
  place.remove();
});

const OPTIONS = { keepCase: true, longs: String, enums: String, defaults: true };
const proto = fileURLToPath(new URL('./fixtures/reflection/reflection.proto', import.meta.url));

interface ReflectionAnswer {
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
  readonly error_response?: { readonly error_code: number };
}

/** One question over the reflection stream. */
async function reflect(question: object, { version = 'v1', target = engine.target, token = '' } = {}): Promise<ReflectionAnswer> {
  const { requestSerialize, responseDeserialize } = (loadSync(proto, OPTIONS)['grpc.reflection.v1.ServerReflection'] as ServiceDefinition)[
    'ServerReflectionInfo'
  ]!;
  const client = new Client(target, credentials.createInsecure());
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  try {
    call.write(question);
    for await (const answer of call) return answer as ReflectionAnswer;
    return expect.unreachable('no answer');
  } finally {
    call.end();
    client.close();
  }
}

/** A client of a service, made of nothing but what the server tells of it. */
async function generic(service: string, target = engine.target) {
  const { file_descriptor_response: files } = await reflect({ file_containing_symbol: service });
  // A FileDescriptorSet is one repeated field of files, number 1.
  const set = Buffer.concat(files!.file_descriptor_proto.flatMap((file) => [Buffer.of(0x0a), varint(file.length), file]));
  const definition = loadFileDescriptorSetFromBuffer(set, OPTIONS)[service] as ServiceDefinition;
  const client = new Client(target, credentials.createInsecure());
  return {
    definition,
    close: () => client.close(),
    call: (method: string, request: object) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = definition[method]!;
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error: ServiceError | null, answer?: unknown) =>
          error === null ? resolve(answer as Record<string, unknown>) : reject(error),
        );
      }),
    stream: (method: string, request: object) => {
      const { path, requestSerialize, responseDeserialize } = definition[method]!;
      return client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
    },
  };
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

describe('server reflection', () => {
  it.each(['v1', 'v1alpha'])('%s lists the services', async (version) => {
    const { list_services_response: list } = await reflect({ list_services: '*' }, { version });
    expect(list!.service.map(({ name }) => name).toSorted()).toEqual(['geomrf.v1.GeomRfEngine', 'grpc.health.v1.Health']);
  });

  it('describes the whole contract: a client made of it calls the engine, messages, enums and streams included', async () => {
    const { definition, call, stream, close } = await generic('geomrf.v1.GeomRfEngine');
    expect(Object.keys(definition).toSorted()).toEqual([
      'CloseScenario',
      'CreateScenario',
      'GetCapabilities',
      'GetVersion',
      'StreamEphemeris',
      'StreamEvents',
      'StreamLinkDeltas',
    ]);
    expect(await call('GetVersion', {})).toMatchObject({ engine_version: engine.engineVersion, schema_version: engine.schemaVersion });
    expect(await call('GetCapabilities', {})).toMatchObject({ link_types: ['SAT_GS', 'SAT_UT', 'ISL', 'TERRESTRIAL'], max_dt: { seconds: '3600' } });
    const site = (id: string) => ({ id, role: 'GROUND_STATION', site: { lat_deg: 1, lon_deg: 2, alt_m: 3 } });
    const spec = {
      t_start: { seconds: 1_800_000_000 },
      t_end: { seconds: 1_800_000_003 },
      nodes: [site('a'), site('b')],
      isl: { pattern: 'ISL_NONE' },
      gsl: { selection: 'MAX_ELEVATION', fixed_capacity_bps: 1e6 },
      terrestrial: [{ a: 'a', b: 'b', one_way_delay_s: 0.25, capacity_bps: 1e9 }],
    };
    const { scenario_ref } = await call('CreateScenario', { spec });
    const batches: unknown[] = [];
    for await (const batch of stream('StreamLinkDeltas', { scenario_ref, dt: { seconds: 1 }, selector: { all_links: true } })) batches.push(batch);
    expect(batches).toHaveLength(3);
    expect(batches[0]).toMatchObject({ tick_index: '0', updates: [{ key: { link_type: 'TERRESTRIAL' }, one_way_delay_s: 0.25, up: true }, {}] });
    await expect(call('CloseScenario', { scenario_ref: { scenario_id: 'nobody' } })).rejects.toMatchObject({ code: status.NOT_FOUND });
    close();
  });

  it('knows imported files, and says what it does not know', async () => {
    expect((await reflect({ file_by_filename: 'google/protobuf/timestamp.proto' })).file_descriptor_response!.file_descriptor_proto).toHaveLength(1);
    expect(await reflect({ file_containing_symbol: 'geomrf.v1.Nobody' })).toMatchObject({ error_response: { error_code: status.NOT_FOUND } });
  });
});

describe('the health service', () => {
  it('says that the engine serves, and tells watchers when it ends', async () => {
    const { call, close } = await generic('grpc.health.v1.Health');
    for (const service of ['', 'geomrf.v1.GeomRfEngine']) expect(await call('Check', { service })).toEqual({ status: 'SERVING' });
    await expect(call('Check', { service: 'nobody' })).rejects.toMatchObject({ code: status.NOT_FOUND });
    close();

    const ending = await startEngineServer({ address: '127.0.0.1:0' });
    const there = await generic('grpc.health.v1.Health', ending.target);
    const told: unknown[] = [];
    const watching = (async () => {
      for await (const answer of there.stream('Watch', { service: '' })) if (told.push(answer) === 1) void ending.stop();
    })();
    await expect(watching).rejects.toMatchObject({ code: expect.any(Number) });
    expect(told).toEqual([{ status: 'SERVING' }, { status: 'NOT_SERVING' }]);
    there.close();
  });

  it('needs no token, as probes have none; reflection does', async () => {
    const { target, stop } = await startLocked();
    await expect(reflect({ list_services: '*' }, { target })).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    expect((await reflect({ list_services: '*' }, { target, token: 'sesame' })).list_services_response!.service).toHaveLength(2);
    const { call, close } = await generic('grpc.health.v1.Health', target);
    expect(await call('Check', { service: '' })).toEqual({ status: 'SERVING' });
    close();
    await stop();
  });
});

async function startLocked(): Promise<{ target: string; stop: () => Promise<void> }> {
  const server = await startEngineServer({ address: '127.0.0.1:0', tokenFile: place.write('token', 'sesame') });
  return { target: server.target, stop: () => server.stop() };
}
