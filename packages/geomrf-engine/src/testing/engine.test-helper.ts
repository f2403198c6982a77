import { GeomRfEngine, createClient } from '@satsim/geomrf-proto';
import type { GeomRfMethods, ScenarioRef, ScenarioSpec, ServiceClient } from '@satsim/geomrf-proto';
import { serve } from '../serve.js';
import type { ServeOptions } from '../serve.js';

export interface TestEngine {
  readonly target: string;
  readonly client: ServiceClient<GeomRfMethods>;
  create(spec: ScenarioSpec): Promise<ScenarioRef>;
  stop(): Promise<void>;
}

/** An engine and a client over real gRPC, in this thread. */
export async function testEngine(options: ServeOptions = {}): Promise<TestEngine> {
  const server = await serve('127.0.0.1:0', options);
  const client = createClient(GeomRfEngine, server.target);
  return {
    target: server.target,
    client,
    create: async (spec) => (await client.createScenario({ spec })).scenarioRef!,
    stop: () => {
      client.close();
      return server.stop();
    },
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
