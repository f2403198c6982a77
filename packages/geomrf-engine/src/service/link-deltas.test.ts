import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { LinkType, RpcStatus } from '@satsim/geomrf-proto';
import type { LinkDeltaBatch, ScenarioRef } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { STEP, failure, hourOf, withoutStats } from '../testing/service.test-helper.js';
import { ALL_LINKS, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

describe('StreamLinkDeltas', () => {
  let scenarioRef: ScenarioRef;
  let whole: LinkDeltaBatch[];
  const request = () => ({ scenarioRef, dt: STEP, selector: ALL_LINKS, thresholds: { delayS: 1e-5 }, emitFullSnapshotFirst: true });
  beforeAll(async () => {
    scenarioRef = await engine.create(hourOf());
    whole = await collect(engine.client.streamLinkDeltas(request()));
  });

  it('sends every tick, on the grid, the first one whole', () => {
    expect(whole.map(({ tickIndex }) => Number(tickIndex))).toEqual(Array.from({ length: 120 }, (_, k) => k));
    whole.forEach(({ time, isFullSnapshot, scenarioRef: ref, stats, updates }, k) => {
      expect(time).toEqual(timestampFromMs(START_MS + k * 30_000));
      expect(isFullSnapshot).toBe(k === 0);
      expect(ref).toEqual(scenarioRef);
      expect(stats!.linksEmitted).toBe(updates.length);
    });
    expect(whole[0].updates.length).toBeGreaterThan(576);
    expect(whole[0].updates[0].elevationDeg).toBeUndefined();
  });

  it.each([0, 1, 2, 17, 59, 60, 118, 119, 120])('goes on from tick %i as the unbroken stream does', async (tick) => {
    const resumed = await collect(engine.client.streamLinkDeltas({ ...request(), resumeFromTick: BigInt(tick) }));
    expect(withoutStats(resumed)).toEqual(withoutStats(whole.slice(tick)));
  });

  it('tells elevation, azimuth, range, SNR, margin and MODCOD when asked', async () => {
    for await (const { updates } of engine.client.streamLinkDeltas({ ...request(), includeDebug: true })) {
      const gsl = updates.find(({ key }) => key!.linkType === LinkType.SAT_UT);
      for (const field of ['elevationDeg', 'azimuthDeg', 'rangeM', 'snrDb', 'snrMarginDb'] as const) expect(gsl![field]).toBeTypeOf('number');
      expect(gsl!.modcod).toMatch(/PSK/);
      expect(gsl!.rangeM! / gsl!.oneWayDelayS).toBeCloseTo(299_792_458, 0);
      const isl = updates.find(({ key }) => key!.linkType === LinkType.ISL);
      expect(isl).toMatchObject({ rangeM: expect.any(Number) as number });
      expect(isl!.elevationDeg).toBeUndefined();
      expect(isl!.modcod).toBeUndefined();
      break;
    }
  });

  it('refuses spans off the grid, a bad dt, an empty or unknown selector, negative thresholds', async () => {
    const cases: [object, string][] = [
      [{ dt: durationFromMs(0) }, 'dt: '],
      [{ dt: { seconds: 0n, nanos: 1_500_000 } }, 'dt: '],
      [{ dt: durationFromMs(3_600_001) }, 'dt: '],
      [{ tStart: timestampFromMs(START_MS + 1) }, 't_start: '],
      [{ tEnd: timestampFromMs(START_MS + 7_200_000) }, 't_end: '],
      [{ selector: {} }, 'selector: '],
      [{ selector: { nodeIds: ['nobody'] } }, 'selector.node_ids[0]: '],
      [{ thresholds: { delayS: -1 } }, 'thresholds.delay_s: '],
      [{ resumeFromTick: 121n }, 'resume_from_tick: '],
    ];
    for (const [change, start] of cases) {
      const { code, message } = await failure(collect(engine.client.streamLinkDeltas({ ...request(), ...change })));
      expect([code, message.startsWith(start) ? start : message]).toEqual([RpcStatus.INVALID_ARGUMENT, start]);
    }
    expect((await failure(collect(engine.client.streamLinkDeltas({ ...request(), scenarioRef: { scenarioId: 'gone' } })))).code).toBe(RpcStatus.NOT_FOUND);
  });

  it('ends with NOT_FOUND when the scenario is closed, and not before', async () => {
    const ref = await engine.create(hourOf({ tEnd: timestampFromMs(START_MS + 86_400_000) }));
    let ticks = 0;
    const { code } = await failure(
      (async () => {
        for await (const _ of engine.client.streamLinkDeltas({ ...request(), scenarioRef: ref, dt: durationFromMs(1000) }))
          if (++ticks === 3) await engine.client.closeScenario({ scenarioRef: ref });
      })(),
    );
    expect(code).toBe(RpcStatus.NOT_FOUND);
    expect(ticks).toBeLessThan(86_400);
    expect((await failure(engine.client.closeScenario({ scenarioRef: ref }))).code).toBe(RpcStatus.NOT_FOUND);
  });
});

describe('one satellite, one station', () => {
  it('is no special case', async () => {
    const [one] = shell({ planes: 1, perPlane: 1, inclinationDeg: 0, altitudeKm: 700 });
    const scenarioRef = await engine.create(specOf([one, ground('g', 0, 0)], { gsl: { selection: 2, minElevationDeg: 5 } }));
    const batches = await collect(
      engine.client.streamLinkDeltas({ scenarioRef, tEnd: timestampFromMs(START_MS + 7_200_000), dt: durationFromMs(1000), selector: ALL_LINKS }),
    );
    const first = batches.findIndex(({ updates }) => updates.length > 0);
    expect(batches.slice(first, first + 3).map(({ updates }) => updates.length)).toEqual([2, 2, 2]);
    expect(batches.some(({ removals }) => removals.length === 2)).toBe(true);
  });
});
