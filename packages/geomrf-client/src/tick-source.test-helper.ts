import { scenarioSchema } from '@satsim/core';
import type { Logger, TickSource, TickStream, TickUpdate } from '@satsim/core';
import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { afterEach, beforeEach, expect } from 'vitest';
import { FakeEngine, SILENT, T0 } from './engine/fake-engine.test-helper.js';
import { GeomrfTickSource } from './tick-source.js';

export const TICKS = 10;
export const scenario = scenarioSchema.parse({
  name: 'one-sat',
  time: { t0: '2026-11-20T00:00:00Z', duration: `${TICKS}s`, dt: '1s' },
  constellation: [{ walker: { name: 'SAT', planes: 1, per_plane: 1, altitude_km: 550, inclination_deg: 53 } }],
  ground: [{ id: 'oslo', lat: 59.9, lon: 10.7 }],
});
const run = { runId: 'run-1', seed: 0, t0Ms: T0, t1Ms: T0 + TICKS * 1000, dtMs: 1000, tickCount: TICKS, mode: 'offline' } as const;

/** Another one for each test. */
export let engine: FakeEngine;
const opened: TickStream[] = [];
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(async () => {
  for (const stream of opened.splice(0)) await stream.close();
  engine.stop();
});

/** In place of the engine that the test began with. */
export async function replaceEngine(overrides: Parameters<typeof FakeEngine.start>[0]): Promise<void> {
  engine.stop();
  engine = await FakeEngine.start(overrides);
}

export function source(logger: Logger = SILENT): TickSource {
  const locate = () => ({ file: 'x.satsim.yaml', line: 3, column: 1 });
  return new GeomrfTickSource(
    { config: {}, run, scenario, baseDir: '/', locate, logger, engine: { start: async () => engine.target } },
    { attempts: 5, firstDelayMs: 20, maxDelayMs: 100 },
  );
}

export async function open(signal: AbortSignal = new AbortController().signal): Promise<TickStream> {
  const stream = await source().open(signal);
  opened.push(stream);
  return stream;
}

export async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}

export const indices = (ticks: readonly TickUpdate[]) => ticks.map((tick) => tick.tickIndex);
export const all = Array.from({ length: TICKS }, (_, k) => k);
export const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
export const unavailable = () => new RpcError(RpcStatus.UNAVAILABLE, 'gone');
