import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { LinkType, RpcStatus, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { STEP, failure, hourOf } from '../testing/service.test-helper.js';
import { ALL_LINKS, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

describe('CreateScenario', () => {
  it('names the path of every fault, and its first word is one', async () => {
    const good = hourOf();
    const bad = create(ScenarioSpecSchema, {
      tStart: { seconds: 5n, nanos: 1 },
      tEnd: { seconds: 4n },
      nodes: [
        { id: 'a b', role: 1 },
        { id: 'x', role: 3, position: { case: 'site', value: { latDeg: 91, lonDeg: Number.NaN } } },
        { id: 'x', role: 0, terminal: { frequencyHz: -1 } },
        good.nodes[0],
      ],
      isl: { pattern: 4, capacityBps: 0, pairs: [{ a: 'W-1-1', b: 'nobody' }] },
      gsl: { selection: 0, minElevationDeg: 95 },
      terrestrial: [{ a: 'x', b: 'x', lossRate: 2 }],
      adaptation: { modcods: [{ name: '', minSnrDb: 1, spectralEfficiency: 0 }] },
    });
    const { code, message } = await failure(engine.client.createScenario({ spec: bad }));
    expect(code).toBe(RpcStatus.INVALID_ARGUMENT);
    const paths = message.split('\n').map((line) => line.split(':')[0]);
    expect(paths).toEqual(
      expect.arrayContaining([
        't_start',
        'nodes[0].id',
        'nodes[0].elements',
        'nodes[1].site.lat_deg',
        'nodes[1].site.lon_deg',
        'nodes[2].role',
        'nodes[2].id',
        'isl.capacity_bps',
        'isl.pairs[0].b',
        'gsl.selection',
        'gsl.min_elevation_deg',
      ]),
    );
  });

  it('needs terminals for a budget, and none for a fixed capacity', async () => {
    const bare = hourOf();
    for (const node of bare.nodes) delete node.terminal;
    expect((await failure(engine.client.createScenario({ spec: bare }))).message).toMatch(/^nodes\[0\]\.terminal: /);
    bare.gsl!.fixedCapacityBps = 1e6;
    await engine.client.closeScenario({ scenarioRef: await engine.create(bare) });
  });

  it('hashes the specification, and gives the same scenario for the same idempotency key', async () => {
    const [first, again, other] = await Promise.all([
      engine.client.createScenario({ spec: hourOf(), idempotencyKey: 'k' }),
      engine.client.createScenario({ spec: hourOf(), idempotencyKey: 'k' }),
      engine.client.createScenario({ spec: hourOf({ seed: 7n }) }),
    ]);
    expect(first.specSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toEqual(first);
    expect(other.specSha256).not.toBe(first.specSha256);
    expect((await failure(engine.client.createScenario({ spec: hourOf({ seed: 8n }), idempotencyKey: 'k' }))).message).toMatch(/^idempotency_key: /);
    // A key is that of an open scenario.
    await engine.client.closeScenario({ scenarioRef: first.scenarioRef! });
    expect((await engine.client.createScenario({ spec: hourOf(), idempotencyKey: 'k' })).scenarioRef).not.toEqual(first.scenarioRef);
  });

  it('is undone after a while without a call or an open stream, so that dead clients leave nothing behind', async () => {
    const brief = await testEngine({ idleMs: 200 });
    const { scenarioRef } = await brief.client.createScenario({ spec: hourOf() });
    const stream = brief.client.streamLinkDeltas({ scenarioRef, dt: STEP, selector: ALL_LINKS })[Symbol.asyncIterator]();
    await stream.next();
    await sleep(500);
    // A reader that takes its time is no dead one.
    expect((await stream.next()).value).toMatchObject({ tickIndex: 1n });
    await stream.return!();
    await sleep(100);
    const at = { scenarioRef, tStart: timestampFromMs(START_MS), tEnd: timestampFromMs(START_MS) };
    expect(await collect(brief.client.streamEphemeris(at))).toHaveLength(1);
    await sleep(100);
    expect(await collect(brief.client.streamEphemeris(at))).toHaveLength(1);
    await sleep(400);
    expect(await failure(collect(brief.client.streamEphemeris(at)))).toMatchObject({ code: RpcStatus.NOT_FOUND });
    await brief.stop();
  });

  it('warns of satellites that have no position and of old elements; nothing of them is NaN', async () => {
    const [sound, decayed] = shell({ planes: 1, perPlane: 2, altitudeKm: 300 });
    if (decayed.position.case === 'elements') {
      decayed.position.value.meanMotion = 17.3;
      decayed.position.value.epoch!.seconds -= 86_400n * 20n;
    }
    const { scenarioRef, warnings } = await engine.client.createScenario({
      spec: specOf([sound, decayed, ground('g', 0, 0)], { tEnd: timestampFromMs(START_MS + 60_000) }),
    });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toBe('1 satellite has decayed before the start, its links stay down: W-1-2');
    expect(warnings[1]).toMatch(/W-1-2: 20\.0 days/);
    const [batch] = await collect(engine.client.streamLinkDeltas({ scenarioRef, dt: durationFromMs(60_000), selector: ALL_LINKS, includeDebug: true }));
    const isls = batch.updates.filter(({ key }) => key!.linkType === LinkType.ISL);
    expect(isls.map(({ up, oneWayDelayS }) => [up, oneWayDelayS])).toEqual([
      [false, 0],
      [false, 0],
    ]);
    for await (const { failures, positionM } of engine.client.streamEphemeris({
      scenarioRef,
      tStart: timestampFromMs(START_MS),
      tEnd: timestampFromMs(START_MS),
    })) {
      expect(failures).toMatchObject([{ nodeId: 'W-1-2', sgp4Error: 6 }]);
      expect(positionM.map(Number.isFinite)).toEqual([true, true, true, false, false, false, true, true, true]);
    }
  });
});
