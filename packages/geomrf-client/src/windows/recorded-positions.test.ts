import { create } from '@bufbuild/protobuf';
import { durationMs, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { beforeEach, expect, test } from 'vitest';
import { specToJson } from '../compile/compile-scenario.js';
import { SILENT, T0 } from '../engine/fake-engine.test-helper.js';
import { engine, failure, replaceEngine } from '../tick-source.test-helper.js';
import { recordedPositions, type RecordedPositions } from './recorded-positions.js';

const recorded = specToJson(
  create(ScenarioSpecSchema, { name: 'one', tStart: timestampFromMs(T0), tEnd: timestampFromMs(T0 + 5000), nodes: [{ id: 'SAT-1' }, { id: 'oslo' }] }),
);
const options = () => ({ target: engine.target, fromMs: T0, stepMs: 10_000, count: 3, signal: new AbortController().signal, logger: SILENT });

beforeEach(() =>
  replaceEngine({
    streamEphemeris: async function* ({ tStart, tEnd, dt, nodeIds }) {
      for (let timeMs = timestampMs(tStart!); timeMs < timestampMs(tEnd!); timeMs += durationMs(dt!))
        yield {
          time: timestampFromMs(timeMs),
          nodeIds,
          positionM: nodeIds.flatMap((_, i) => [timeMs - T0, i, 0]),
          velocityMPerS: nodeIds.flatMap(() => [0, 0, 0]),
        };
    },
  }),
);

async function all(positions: AsyncIterable<RecordedPositions>): Promise<RecordedPositions[]> {
  const found: RecordedPositions[] = [];
  for await (const one of positions) found.push(one);
  return found;
}

test('as many instants as were asked for, of all nodes, also beyond the end of the run; the scenario is closed', async () => {
  const found = await all(recordedPositions(recorded, options()));
  expect(found.map(({ timeMs }) => timeMs - T0)).toEqual([0, 10_000, 20_000]);
  expect(found[2]).toMatchObject({ nodeIds: ['SAT-1', 'oslo'], positionM: [20_000, 0, 0, 20_000, 1, 0] });
  expect(engine.open.size).toBe(0);
});

test('a reader that has seen enough closes the scenario as well', async () => {
  for await (const { timeMs } of recordedPositions(recorded, options())) {
    expect(timeMs).toBe(T0);
    break;
  }
  expect(engine.open.size).toBe(0);
});

test('what is no specification, and an engine without positions, are told', async () => {
  expect(await failure(all(recordedPositions({ nodes: 7 }, options())))).toMatchObject({ code: 'GEOMRF_INVALID_ARGUMENT' });
  engine.capabilities.ephemeris = false;
  expect(await failure(all(recordedPositions(recorded, options())))).toMatchObject({ code: 'GEOMRF_FAILED_PRECONDITION' });
  expect(engine.open.size).toBe(0);
});
