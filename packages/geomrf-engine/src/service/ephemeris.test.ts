import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Frame } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { failure, hourOf } from '../testing/service.test-helper.js';
import { START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

describe('StreamEphemeris', () => {
  it('gives the nodes asked for at every step; ground nodes stand still in ECEF and turn in TEME', async () => {
    const [one] = shell({ planes: 1, perPlane: 1 });
    const scenarioRef = await engine.create(specOf([one, ground('g', 0, 90)]));
    const span = { scenarioRef, tStart: timestampFromMs(START_MS), tEnd: timestampFromMs(START_MS + 10_000), dt: durationFromMs(1000) };
    const ecef = await collect(engine.client.streamEphemeris(span));
    expect(ecef).toHaveLength(10);
    expect(ecef.map(({ nodeIds }) => nodeIds.length)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(ecef[9].positionM.slice(3).map(Math.round)).toEqual([0, 6_378_137, 0]);
    const teme = await collect(engine.client.streamEphemeris({ ...span, nodeIds: ['g'], frame: Frame.TEME }));
    const [before, after] = [teme[0], teme[2]];
    for (let i = 0; i < 2; i++) expect((after.positionM[i] - before.positionM[i]) / 2).toBeCloseTo(teme[1].velocityMPerS[i], 3);
    // A satellite's ECEF velocity is the change of its ECEF position.
    for (let i = 0; i < 3; i++) expect((ecef[2].positionM[i] - ecef[0].positionM[i]) / 2).toBeCloseTo(ecef[1].velocityMPerS[i], 1);
  });

  it('refuses unknown nodes and a span without dt', async () => {
    const scenarioRef = await engine.create(hourOf());
    const at = timestampFromMs(START_MS);
    expect((await failure(collect(engine.client.streamEphemeris({ scenarioRef, tStart: at, tEnd: at, nodeIds: ['nobody'] })))).message).toMatch(
      /^node_ids\[0\]: /,
    );
    expect((await failure(collect(engine.client.streamEphemeris({ scenarioRef, tStart: at, tEnd: timestampFromMs(START_MS + 1) })))).message).toMatch(/^dt: /);
  });
});
