import { GeomrfError, ScenarioError, TimebaseError, scenarioSchema } from '@satsim/core';
import type { EngineEvent, Logger, TickSource, TickStream, TickUpdate } from '@satsim/core';
import { EventType, LinkType, RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeEngine, SILENT, T0 } from './engine/fake-engine.test-helper.js';
import plugin, { queryEphemeris, queryLinks } from './index.js';
import { GeomrfTickSource } from './tick-source.js';

const TICKS = 10;
const scenario = scenarioSchema.parse({
  name: 'one-sat',
  time: { t0: '2026-11-20T00:00:00Z', duration: `${TICKS}s`, dt: '1s' },
  constellation: [{ walker: { name: 'SAT', planes: 1, per_plane: 1, altitude_km: 550, inclination_deg: 53 } }],
  ground: [{ id: 'oslo', lat: 59.9, lon: 10.7 }],
});
const run = { runId: 'run-1', seed: 0, t0Ms: T0, t1Ms: T0 + TICKS * 1000, dtMs: 1000, tickCount: TICKS, mode: 'offline' } as const;

let engine: FakeEngine;
const opened: TickStream[] = [];
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(async () => {
  for (const stream of opened.splice(0)) await stream.close();
  engine.stop();
});

function source(logger: Logger = SILENT): TickSource {
  const locate = () => ({ file: 'x.satsim.yaml', line: 3, column: 1 });
  return new GeomrfTickSource(
    { config: {}, run, scenario, baseDir: '/', locate, logger, engine: { start: async () => engine.target } },
    { attempts: 5, firstDelayMs: 20, maxDelayMs: 100 },
  );
}

async function open(signal = new AbortController().signal): Promise<TickStream> {
  const stream = await source().open(signal);
  opened.push(stream);
  return stream;
}

async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}

const indices = (ticks: readonly TickUpdate[]) => ticks.map((tick) => tick.tickIndex);
const all = Array.from({ length: TICKS }, (_, k) => k);
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
const unavailable = () => new RpcError(RpcStatus.UNAVAILABLE, 'gone');

test('the plugin exports what its manifest contributes', () => {
  expect(plugin.definitions.map(({ kind, name }) => ({ kind, name }))).toEqual([{ kind: 'tick-source', name: 'geomrf' }]);
});

describe('ticks', () => {
  test('come as whole link states in ms, Mbit/s and percent, without float noise', async () => {
    const stream = await open();
    expect(stream.info).toEqual({
      engineVersion: '1.0.0',
      engineGitSha: 'abc',
      schemaVersion: '1.0',
      specSha256: 'f00d',
      scenarioRef: expect.stringMatching(/^s-/),
      warnings: ['the engine warns'],
    });
    const ticks = await collect(stream.ticks);
    expect(indices(ticks)).toEqual(all);
    expect(ticks[3]).toEqual({
      runId: 'run-1',
      scenarioRef: stream.info.scenarioRef,
      tickIndex: 3,
      simTimeMs: T0 + 3000,
      snapshot: false,
      removals: [],
      updates: [{ linkId: 'gsl:SAT-1>oslo', source: 'SAT-1', target: 'oslo', kind: 'gsl', up: true, oneWayDelayMs: 3.003, capacityMbps: 62.5, lossPct: 0.1 }],
      stats: { computeMs: 0.5, linksEvaluated: 10, linksEmitted: 1, translateMs: expect.any(Number) },
    });
    expect(engine.streams[0]).toMatchObject({ emitFullSnapshotFirst: true, includeDebug: false, selector: { linkTypes: [LinkType.SAT_GS, LinkType.SAT_UT] } });
  });

  test('removals are link ids', async () => {
    engine.batch = (k, init) => (k === 1 ? { ...init, removals: [{ src: 'SAT-1', dst: 'SAT-2', linkType: LinkType.ISL }] } : init);
    const ticks = await collect((await open()).ticks);
    expect(ticks[1]!.removals).toEqual(['isl:SAT-1>SAT-2']);
  });

  test('a link that is no number is an error that names it', async () => {
    engine.batch = (k, init) => (k === 2 ? { ...init, updates: [{ ...init.updates![0]!, oneWayDelayS: NaN }] } : init);
    const error = await failure(collect((await open()).ticks));
    expect(error).toMatchObject({ code: 'GEOMRF_INTERNAL', message: expect.stringContaining('gsl:SAT-1>oslo') });
  });

  test('can be iterated once', async () => {
    const stream = await open();
    await collect(stream.ticks);
    expect(() => stream.ticks[Symbol.asyncIterator]()).toThrow('once');
  });

  test.each([
    ['a gap', (k: number) => (k < 4 ? k : k + 1)],
    ['a repetition', (k: number) => (k < 4 ? k : k - 1)],
    ['a tick after the end', (k: number) => (k < TICKS - 1 ? k : 1_000)],
  ])('%s is a TimebaseError that names the tick', async (_what, index) => {
    engine.batch = (k, init) => ({ ...init, tickIndex: BigInt(index(k)) });
    const error = await failure(collect((await open()).ticks));
    expect(error).toBeInstanceOf(TimebaseError);
    expect((error as TimebaseError).tickIndex).toBeGreaterThan(2);
    expect(engine.streams.length, 'not retried').toBe(1);
  });

  test('a tick off the grid is a TimebaseError', async () => {
    engine.batch = (k, init) => (k === 4 ? { ...init, time: { ...init.time!, nanos: 1 } as never } : init);
    expect(await failure(collect((await open()).ticks))).toMatchObject({ code: 'TIMEBASE', tickIndex: 4 });
  });

  test('a first tick that is no snapshot is refused', async () => {
    engine.batch = (_k, init) => ({ ...init, isFullSnapshot: false });
    expect(await failure(collect((await open()).ticks))).toMatchObject({ code: 'GEOMRF_INTERNAL' });
  });

  test('a stream that ends early is a TimebaseError', async () => {
    engine.stop();
    engine = await FakeEngine.start({
      async *streamLinkDeltas() {
        yield { tickIndex: 0n, isFullSnapshot: true, time: { seconds: BigInt(T0 / 1000), nanos: 0 } };
      },
    });
    expect(await failure(collect((await open()).ticks))).toMatchObject({ code: 'TIMEBASE', message: expect.stringContaining('after 1 of 10') });
  });
});

describe('when the connection breaks', () => {
  test('the stream resumes with the next tick where the engine can: no gap, none twice', async () => {
    engine.batch = (k, init, attempt) => {
      if ((attempt === 1 && k === 3) || (attempt === 2 && k === 7)) throw unavailable();
      return init;
    };
    expect(indices(await collect((await open()).ticks))).toEqual(all);
    expect(engine.streams.map((request) => Number(request.resumeFromTick))).toEqual([0, 3, 7]);
  });

  test('else it starts anew and skips what was delivered', async () => {
    engine.capabilities.resumeFromTick = false;
    engine.batch = (k, init, attempt) => {
      if (attempt === 1 && k === 5) throw unavailable();
      return init;
    };
    expect(indices(await collect((await open()).ticks))).toEqual(all);
    expect(engine.streams.map((request) => Number(request.resumeFromTick))).toEqual([0, 0]);
  });

  test('an engine that was started anew gets the scenario again', async () => {
    engine.batch = (k, init, attempt) => {
      if (attempt > 1 || k < 5) return init;
      engine.forget();
      throw unavailable();
    };
    const stream = await open();
    expect(indices(await collect(stream.ticks))).toEqual(all);
    await stream.close();
    expect(engine.open.size).toBe(0);
  });

  test('and so do the events; both streams share what was opened', async () => {
    const event = (tick: number) => ({ seq: BigInt(tick), tickIndex: BigInt(tick), type: EventType.LINK_UP, nodeId: 'oslo' });
    let attempt = 0;
    let broken = false;
    engine.stop();
    engine = await FakeEngine.start({
      async *streamEvents({ scenarioRef }) {
        if (!engine.open.has(scenarioRef!.scenarioId)) throw new RpcError(RpcStatus.NOT_FOUND, 'no such scenario');
        attempt++;
        yield event(0);
        if (attempt === 1) {
          while (!broken) await new Promise((resolve) => setTimeout(resolve, 5));
          throw unavailable();
        }
        yield event(1);
      },
    });
    engine.batch = async (k, init, of) => {
      if (of > 1 || k < 5) return init;
      while (attempt === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      engine.forget();
      broken = true;
      throw unavailable();
    };
    const stream = await open();
    const [ticks, events] = await Promise.all([collect(stream.ticks), collect(stream.events!)]);
    expect(indices(ticks)).toEqual(all);
    expect(events.flat().map(({ seq }) => seq)).toEqual([0, 1]);
    expect(engine.calls.filter((call) => call === 'createScenario').length).toBe(2);
    await stream.close();
    expect(engine.open.size).toBe(0);
  });

  test('an engine that reads the specification differently ends the run, and is left without a scenario', async () => {
    let hash = 'f00d';
    engine.stop();
    engine = await FakeEngine.start({
      createScenario: async () => {
        engine.open.add(hash);
        return { scenarioRef: { scenarioId: hash }, specSha256: hash };
      },
    });
    engine.batch = (k, init, attempt) => {
      if (attempt > 1 || k < 5) return init;
      engine.forget();
      hash = 'beef';
      throw unavailable();
    };
    const stream = await open();
    expect(await failure(collect(stream.ticks))).toMatchObject({ code: 'GEOMRF_FAILED_PRECONDITION' });
    await stream.close();
    expect(engine.open.size).toBe(0);
  });

  test('but not if it is another version', async () => {
    engine.batch = (k, init, attempt) => {
      if (attempt > 1 || k < 5) return init;
      engine.forget();
      engine.version = { ...engine.version, engineVersion: '1.0.1' };
      throw unavailable();
    };
    expect(await failure(collect((await open()).ticks))).toMatchObject({ code: 'GEOMRF_FAILED_PRECONDITION' });
  });

  test('retries are bounded, and the error tells reference and tick', async () => {
    engine.batch = (k, init) => {
      if (k === 2) throw unavailable();
      return init;
    };
    const stream = await open();
    const ticks: TickUpdate[] = [];
    const error = (await failure(collect(stream.ticks, ticks))) as GeomrfError;
    expect(error).toBeInstanceOf(GeomrfError);
    expect(error).toMatchObject({ code: 'GEOMRF_UNAVAILABLE', scenarioRef: stream.info.scenarioRef, tickIndex: 2 });
    expect(indices(ticks)).toEqual([0, 1]);
    expect(engine.streams.length).toBe(5);
  });

  test.each([
    [RpcStatus.INVALID_ARGUMENT, 'GEOMRF_INVALID_ARGUMENT', 2],
    [RpcStatus.NOT_FOUND, 'GEOMRF_NOT_FOUND', 1],
    [RpcStatus.FAILED_PRECONDITION, 'GEOMRF_FAILED_PRECONDITION', 1],
    [RpcStatus.RESOURCE_EXHAUSTED, 'GEOMRF_RESOURCE_EXHAUSTED', 1],
    [RpcStatus.INTERNAL, 'GEOMRF_INTERNAL', 1],
  ])('status %i is %s and is not retried', async (status, code, exitCode) => {
    engine.batch = () => {
      throw new RpcError(status, 'says no');
    };
    const error = await failure(collect((await open()).ticks));
    expect(error).toMatchObject({ code, exitCode, message: expect.stringContaining('says no') });
    expect(engine.streams.length).toBe(1);
  });
});

describe('opening', () => {
  test('nobody there: GEOMRF_UNAVAILABLE after bounded retries', async () => {
    engine.stop();
    expect(await failure(open())).toMatchObject({ code: 'GEOMRF_UNAVAILABLE', hint: expect.stringContaining('grpc_target') });
  });

  test('abort ends the wait for an engine', async () => {
    engine.stop();
    const abort = new AbortController();
    const opening = failure(open(abort.signal));
    setTimeout(() => abort.abort(new Error('enough')), 50);
    const start = Date.now();
    expect(await opening).toEqual(new Error('enough'));
    expect(Date.now() - start).toBeLessThan(1_000);
  });

  test('another major version of the schema is refused', async () => {
    engine.version.schemaVersion = '2.3';
    expect(await failure(open())).toMatchObject({ code: 'GEOMRF_FAILED_PRECONDITION', message: expect.stringContaining('2.3') });
    expect(engine.calls).not.toContain('createScenario');
  });

  test('a tick length that the engine can not do is a fault of time.dt', async () => {
    engine.capabilities.minDt = { ...engine.capabilities.minDt, seconds: 5n };
    const error = (await failure(open())) as ScenarioError;
    expect(error).toBeInstanceOf(ScenarioError);
    expect(error.faults).toEqual([expect.objectContaining({ path: ['time', 'dt'], file: 'x.satsim.yaml', line: 3 })]);
    expect(engine.open.size).toBe(0);
  });

  test('too many nodes: GEOMRF_RESOURCE_EXHAUSTED', async () => {
    engine.capabilities.maxNodes = 1;
    expect(await failure(open())).toMatchObject({ code: 'GEOMRF_RESOURCE_EXHAUSTED' });
  });

  test('RESOURCE_EXHAUSTED is never retried', async () => {
    let calls = 0;
    engine.stop();
    engine = await FakeEngine.start({
      createScenario: async () => {
        calls++;
        throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, 'nodes: too many');
      },
    });
    expect(await failure(open())).toMatchObject({ code: 'GEOMRF_RESOURCE_EXHAUSTED' });
    expect(calls).toBe(1);
  });

  test('a transient failure of any call is retried, with the same idempotency key', async () => {
    const keys: string[] = [];
    engine.stop();
    engine = await FakeEngine.start({
      createScenario: async ({ idempotencyKey }) => {
        keys.push(idempotencyKey);
        if (keys.length < 3) throw unavailable();
        return { scenarioRef: { scenarioId: 'x' } };
      },
    });
    await open();
    expect(keys.length).toBe(3);
    expect(new Set(keys).size).toBe(1);
  });

  test('an abort while the scenario is being opened leaves none open', async () => {
    const abort = new AbortController();
    const closed: string[] = [];
    engine.stop();
    engine = await FakeEngine.start({
      createScenario: async () => {
        abort.abort(new Error('enough'));
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { scenarioRef: { scenarioId: 'late' } };
      },
      closeScenario: async ({ scenarioRef }) => {
        closed.push(scenarioRef!.scenarioId);
        return {};
      },
    });
    expect(await failure(open(abort.signal))).toEqual(new Error('enough'));
    expect(closed).toEqual(['late']);
  });
});

describe('closing', () => {
  test('closes the scenario whatever happened before, and may be called twice', async () => {
    engine.batch = () => {
      throw new RpcError(RpcStatus.INTERNAL, 'broken');
    };
    const stream = await open();
    await failure(collect(stream.ticks));
    expect(engine.open.size).toBe(1);
    await Promise.all([stream.close(), stream.close()]);
    await stream.close();
    expect(engine.open.size).toBe(0);
    expect(engine.calls.filter((call) => call === 'closeScenario').length).toBe(1);
  });

  test('is bounded in time when the engine does not answer', async () => {
    const warnings: string[] = [];
    engine.stop();
    engine = await FakeEngine.start({ closeScenario: () => new Promise(() => undefined) });
    const stream = await source({ ...SILENT, warn: (_fields, message) => warnings.push(message) }).open(new AbortController().signal);
    const start = Date.now();
    await stream.close();
    expect(Date.now() - start).toBeLessThan(5_000);
    expect(warnings).toEqual(['the engine did not close the scenario']);
  });

  test('is quiet when the engine is gone', async () => {
    const stream = await open();
    engine.stop();
    await stream.close();
  });

  test('ends a stream that waits, quietly, and the server sees it', async () => {
    engine.batch = (k, init) => (k < 3 ? init : new Promise(() => undefined));
    const stream = await open();
    const ticks: TickUpdate[] = [];
    const reading = collect(stream.ticks, ticks);
    while (ticks.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await stream.close();
    await reading;
    expect(engine.streamSignals[0]!.aborted).toBe(true);
  });

  test('a reader that leaves cancels on the server', async () => {
    engine.batch = (k, init) => (k < 5 ? init : new Promise(() => undefined));
    for await (const tick of (await open()).ticks) if (tick.tickIndex === 2) break;
    while (!engine.streamSignals[0]!.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test("an abort ends a stream with the signal's reason", async () => {
    engine.batch = (k, init) => (k < 3 ? init : new Promise(() => undefined));
    const abort = new AbortController();
    const stream = await open(abort.signal);
    const ticks: TickUpdate[] = [];
    const reading = failure(collect(stream.ticks, ticks));
    while (ticks.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort(new Error('enough'));
    expect(await reading).toEqual(new Error('enough'));
  });
});

describe('events', () => {
  const event = (seq: number, tick: number) => ({ seq: BigInt(seq), tickIndex: BigInt(tick), type: EventType.LINK_UP, nodeId: 'oslo', attrs: { a: 'b' } });

  test('come in batches of one tick', async () => {
    engine.events = [event(0, 0), event(1, 0), event(2, 4), { ...event(3, 4), type: 999 as never }, event(5, 9)];
    const batches = await collect((await open()).events!);
    expect(batches.map((batch) => batch.map(({ seq, tickIndex }) => [seq, tickIndex]))).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
      [[2, 4]],
      [[5, 9]],
    ]);
    expect(batches[1]![0]).toEqual({ seq: 2, tickIndex: 4, simTimeMs: T0 + 4000, type: 'link_up', linkId: null, nodeId: 'oslo', attributes: { a: 'b' } });
  });

  test('are not asked for unless somebody reads them', async () => {
    await collect((await open()).ticks);
    expect(engine.calls).not.toContain('streamEvents');
  });

  test('go on after the last one when the connection breaks', async () => {
    let attempt = 0;
    engine.stop();
    engine = await FakeEngine.start({
      async *streamEvents() {
        attempt++;
        yield event(0, 0);
        yield event(1, 1);
        if (attempt === 1) throw unavailable();
        yield event(2, 1);
      },
    });
    const batches: (readonly EngineEvent[])[] = await collect((await open()).events!);
    expect(batches.flat().map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(batches.length).toBe(2);
  });

  test('of a tick that the run does not have are refused', async () => {
    engine.events = [event(0, TICKS)];
    expect(await failure(collect((await open()).events!))).toBeInstanceOf(TimebaseError);
  });

  test('an engine without aligned ones: null, and one warning', async () => {
    engine.capabilities.eventsTickAligned = false;
    const stream = await open();
    expect(stream.events).toBeNull();
    expect(stream.info.warnings.filter((warning) => warning.includes('events')).length).toBe(1);
  });
});

describe('ephemeris', () => {
  test('is in kilometres, and what has no position is a failure', async () => {
    const stream = await open();
    expect(await stream.ephemeris!(T0 + 500, 'teme')).toEqual({
      timeMs: T0 + 500,
      frame: 'teme',
      states: [{ id: 'SAT-1', positionKm: [7000, 0.0015, 0.002], velocityKmS: [0, 7.50025, 0] }],
      failures: [{ id: 'SAT-2', reason: 'decayed' }],
    });
  });

  test('is asked for again when the connection breaks', async () => {
    let attempt = 0;
    engine.stop();
    engine = await FakeEngine.start({
      async *streamEphemeris() {
        if (++attempt === 1) throw unavailable();
        yield { nodeIds: ['SAT-1'], positionM: [1000, 0, 0], velocityMPerS: [0, 0, 0] };
      },
    });
    expect(await (await open()).ephemeris!(T0)).toMatchObject({ states: [{ id: 'SAT-1', positionKm: [1, 0, 0] }] });
  });

  test('an engine that has none: null', async () => {
    engine.capabilities.ephemeris = false;
    expect((await open()).ephemeris).toBeNull();
  });
});

describe('queries', () => {
  const options = () => ({ baseDir: '/', locate: () => null, target: engine.target, timeMs: T0 + 2_345, logger: SILENT });

  test('links at an instant off the grid, with their budgets', async () => {
    engine.batch = (_k, init) => ({
      ...init,
      updates: [{ ...init.updates![0]!, rangeM: 900_000, elevationDeg: 30, azimuthDeg: 120, snrDb: 11, snrMarginDb: 2, modcod: 'QPSK 3/4' }],
    });
    const links = await queryLinks(scenario, options());
    expect(links).toEqual([
      expect.objectContaining({
        linkId: 'gsl:SAT-1>oslo',
        rf: { elevationDeg: 30, azimuthDeg: 120, slantRangeKm: 900, snrDb: 11, marginDb: 2, modcod: 'QPSK 3/4' },
      }),
    ]);
    expect(engine.streams[0]).toMatchObject({ includeDebug: true, thresholds: { delayS: 0, capacityBps: 0, lossRate: 0 } });
    expect(engine.open.size).toBe(0);
  });

  test('ephemeris at an instant', async () => {
    const { states } = await queryEphemeris(scenario, { ...options(), frame: 'ecef' });
    expect(states.map(({ id }) => id)).toEqual(['SAT-1']);
    expect(engine.open.size).toBe(0);
  });

  test('an engine without positions is FAILED_PRECONDITION, and the scenario is closed', async () => {
    engine.capabilities.ephemeris = false;
    expect(await failure(queryEphemeris(scenario, options()))).toMatchObject({ code: 'GEOMRF_FAILED_PRECONDITION' });
    expect(engine.open.size).toBe(0);
  });
});
