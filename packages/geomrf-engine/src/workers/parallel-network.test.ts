import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
// By its name: workers run what was built.
import { openLinkSteps, startEngineServer } from '@satsim/geomrf-engine';
import type { LinkOutput } from '@satsim/geomrf-engine';
import { GeomRfEngine, createClient } from '@satsim/geomrf-proto';
import type { LinkDeltaBatch, ScenarioSpec } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { collect } from '../testing/engine.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';

const nodes = [...shell({ planes: 24, perPlane: 20, phasing: 3 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
const tEnd = timestampFromMs(START_MS + 40 * 15_000);
const terrestrial = [{ a: 'tokyo', b: 'london', oneWayDelayS: 0.08, capacityBps: 1e9, lossRate: 0 }];
const specs: Record<string, ScenarioSpec> = {
  'all visible, fixed capacity': specOf(nodes, { tEnd, terrestrial, gsl: { selection: 1, minElevationDeg: 10, fixedCapacityBps: 1e8 } }),
  'all visible, budget, faults': specOf(nodes, {
    tEnd,
    gsl: { selection: 1, minElevationDeg: 10 },
    faults: [{ at: { seconds: 100n }, for: { seconds: 200n }, what: { case: 'nodeId', value: 'sydney' } }],
  }),
  'the highest, with outage': specOf(nodes, { tEnd, gsl: { selection: 2, minElevationDeg: 10, hysteresisDeg: 3, handoverOutageS: 20 } }),
  'the one that sets last': specOf(nodes, { tEnd, gsl: { selection: 3, minElevationDeg: 10 } }),
  'the least loaded, which is one part': specOf(nodes, { tEnd, gsl: { selection: 5, minElevationDeg: 10 } }),
};

/** Everything that a step says, part after part. */
function said(outputs: readonly LinkOutput[]): Record<string, number[]> {
  const all = (column: (output: LinkOutput) => ArrayLike<number>, count: 'count' | 'removedCount' | 'enteredCount'): number[] =>
    outputs.flatMap((output) => Array.from(column(output)).slice(0, output[count]));
  return {
    removed: all((output) => output.removed, 'removedCount'),
    entered: all((output) => output.enteredLink, 'enteredCount'),
    source: all((output) => output.enteredSource, 'enteredCount'),
    target: all((output) => output.enteredTarget, 'enteredCount'),
    link: all((output) => output.link, 'count'),
    up: all((output) => output.up, 'count'),
    delayS: all((output) => output.delayS, 'count'),
    capacityBps: all((output) => output.capacityBps, 'count'),
    lossRate: all((output) => output.lossRate, 'count'),
  };
}

describe('one thread and several', () => {
  for (const [name, spec] of Object.entries(specs)) {
    it(`say the same at every step: ${name}`, async () => {
      const steps = [1, 2, 3].map((workers) => openLinkSteps(spec, { dtMs: 15_000, workers }));
      try {
        for (let k = 0; k < 40; k++) {
          await Promise.all(steps.map((each) => each.step(START_MS + k * 15_000)));
          const [one, ...others] = steps.map(({ outputs }) => said(outputs));
          for (const other of others) expect(other).toEqual(one);
          expect(new Set(steps.map(({ size }) => size)).size).toBe(1);
          expect(one.link.length).toBeGreaterThan(1900);
        }
      } finally {
        for (const each of steps) await each.close();
      }
    });
  }

  it('send the same batches, in messages and in columns, byte for byte', async () => {
    const batches: LinkDeltaBatch[][] = [];
    for (const workers of [1, 2]) {
      const server = await startEngineServer({ address: '127.0.0.1:0', workers });
      const client = createClient(GeomRfEngine, server.target);
      for (const columns of [false, true]) {
        const { scenarioRef } = await client.createScenario({ spec: specs['the highest, with outage'] });
        const request = { scenarioRef, dt: durationFromMs(15_000), selector: ALL_LINKS, includeDebug: true, columns };
        batches.push((await collect(client.streamLinkDeltas(request))).map(({ stats: _, scenarioRef: __, ...batch }) => batch as LinkDeltaBatch));
      }
      client.close();
      await server.stop();
    }
    const [messages, columns, messagesOfTwo, columnsOfTwo] = batches;
    expect(messages).toHaveLength(40);
    expect(messagesOfTwo).toEqual(messages);
    expect(columnsOfTwo).toEqual(columns);
  });

  it('fail, and do not hang, when a worker is gone', async () => {
    const steps = openLinkSteps(specs['all visible, fixed capacity'], { dtMs: 1000, workers: 2 });
    await steps.step(START_MS);
    await steps.close();
    await expect(steps.step(START_MS + 1000)).rejects.toThrow('a worker of the engine ended');
  });
});
