import { ScenarioError, TimebaseError } from '@satsim/core';
import type { TickUpdate } from '@satsim/core';
import { LinkType, RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { describe, expect, test } from 'vitest';
import { SILENT, T0 } from './engine/fake-engine.test-helper.js';
import { TICKS, engine, replaceEngine, source, open, collect, indices, all, failure, unavailable } from './tick-source.test-helper.js';
import plugin from './index.js';

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

  test('are the same in columns, which are asked for where the engine has them', async () => {
    const messages = await collect((await open()).ticks);
    engine.capabilities.columns = true;
    const columns = await collect((await open()).ticks);
    const content = ({ stats: { translateMs: _, ...stats }, scenarioRef: __, ...tick }: TickUpdate) => ({ ...tick, stats });
    expect(columns.map(content)).toEqual(messages.map(content));
    expect(engine.streams.map((request) => request.columns)).toEqual([false, true]);
    expect(messages.every((tick) => tick.columns === undefined)).toBe(true);
    expect(columns.every((tick) => tick.columns?.link.length === 1)).toBe(true);
  });

  test('removals are link ids', async () => {
    engine.batch = (k, init) => (k === 1 ? { ...init, removals: [{ src: 'SAT-1', dst: 'SAT-2', linkType: LinkType.ISL }] } : init);
    const ticks = await collect((await open()).ticks);
    expect(ticks[1]!.removals).toEqual(['isl:SAT-1>SAT-2']);
  });

  test.each([false, true])('a link that is no number is an error that names it (columns: %s)', async (columns) => {
    engine.capabilities.columns = columns;
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
    await replaceEngine({
      async *streamLinkDeltas() {
        yield { tickIndex: 0n, isFullSnapshot: true, time: { seconds: BigInt(T0 / 1000), nanos: 0 } };
      },
    });
    expect(await failure(collect((await open()).ticks))).toMatchObject({ code: 'TIMEBASE', message: expect.stringContaining('after 1 of 10') });
  });
});

describe('opening', () => {
  test('nobody there: GEOMRF_UNAVAILABLE after bounded retries', async () => {
    engine.stop();
    expect(await failure(open())).toMatchObject({ code: 'GEOMRF_UNAVAILABLE', hint: expect.stringContaining('report it') });
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

  test('a tick length that the engine cannot do is a fault of time.dt', async () => {
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
    await replaceEngine({
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
    await replaceEngine({
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
    await replaceEngine({
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
    await replaceEngine({ closeScenario: () => new Promise(() => undefined) });
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
