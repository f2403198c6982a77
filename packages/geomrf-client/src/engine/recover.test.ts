import { GeomrfError } from '@satsim/core';
import type { TickUpdate } from '@satsim/core';
import { EventType, LinkType, RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { describe, expect, test } from 'vitest';
import type { BatchInit } from './fake-engine.test-helper.js';
import { engine, replaceEngine, open, collect, indices, all, failure, unavailable } from '../tick-source.test-helper.js';

describe('when the connection breaks', () => {
  describe.each([false, true])('(columns: %s)', (columns) => {
    /** Two satellites that take turns, so that what a link's index means changes from tick to tick. */
    const changing = (k: number, init: BatchInit): BatchInit => {
      const key = (sat: number) => ({ src: `SAT-${1 + (sat % 2)}`, dst: 'oslo', linkType: LinkType.SAT_GS });
      return { ...init, removals: k === 0 ? [] : [key(k - 1)], updates: [{ key: key(k), up: true, oneWayDelayS: 0.003, capacityBps: 1e6, lossRate: 0 }] };
    };
    const expected = all.map((k) => [k === 0 ? [] : [`gsl:SAT-${1 + ((k - 1) % 2)}>oslo`], [`gsl:SAT-${1 + (k % 2)}>oslo`]]);
    const told = (ticks: readonly TickUpdate[]) => ticks.map(({ removals, updates }) => [removals, updates.map(({ linkId }) => linkId)]);

    test('the stream resumes with the next tick where the engine can: no gap, none twice', async () => {
      engine.capabilities.columns = columns;
      engine.batch = (k, init, attempt) => {
        if ((attempt === 1 && k === 3) || (attempt === 2 && k === 7)) throw unavailable();
        return changing(k, init);
      };
      const ticks = await collect((await open()).ticks);
      expect(indices(ticks)).toEqual(all);
      expect(told(ticks)).toEqual(expected);
      expect(engine.streams.map((request) => Number(request.resumeFromTick))).toEqual([0, 3, 7]);
    });

    test('else it starts anew and skips what was delivered', async () => {
      engine.capabilities.columns = columns;
      engine.capabilities.resumeFromTick = false;
      engine.batch = (k, init, attempt) => {
        if (attempt === 1 && k === 5) throw unavailable();
        return changing(k, init);
      };
      const ticks = await collect((await open()).ticks);
      expect(indices(ticks)).toEqual(all);
      expect(told(ticks)).toEqual(expected);
      expect(engine.streams.map((request) => Number(request.resumeFromTick))).toEqual([0, 0]);
    });
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

  test('also one that had forgotten it before the first tick', async () => {
    engine.batch = (_k, init, attempt) => {
      if (attempt > 1) return init;
      engine.forget();
      throw new RpcError(RpcStatus.NOT_FOUND, 'no such scenario');
    };
    expect(indices(await collect((await open()).ticks))).toEqual(all);
    expect(engine.streams.length).toBe(2);
  });

  test('one that forgets it again and again is given up', async () => {
    engine.batch = () => {
      throw new RpcError(RpcStatus.NOT_FOUND, 'no such scenario');
    };
    expect(await failure(collect((await open()).ticks))).toMatchObject({ code: 'GEOMRF_NOT_FOUND', exitCode: 1 });
    expect(engine.streams.length).toBe(5);
  });

  test('and so do the events; both streams share what was opened', async () => {
    const event = (tick: number) => ({ seq: BigInt(tick), tickIndex: BigInt(tick), type: EventType.LINK_UP, nodeId: 'oslo' });
    let attempt = 0;
    let broken = false;
    await replaceEngine({
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
    await replaceEngine({
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
    [RpcStatus.FAILED_PRECONDITION, 'GEOMRF_FAILED_PRECONDITION', 1],
    [RpcStatus.RESOURCE_EXHAUSTED, 'GEOMRF_RESOURCE_EXHAUSTED', 1],
    [RpcStatus.UNAUTHENTICATED, 'GEOMRF_UNAUTHENTICATED', 1],
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
