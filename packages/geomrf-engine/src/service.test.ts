import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventType, Frame, LinkType, RpcStatus, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { LinkDeltaBatch, ScenarioRef } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, testEngine } from './testing/engine.test-helper.js';
import type { TestEngine } from './testing/engine.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from './testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

const dt = durationFromMs(30_000);
const nodes = () => [...shell({ planes: 12, perPlane: 12, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
const spec = (extra: Parameters<typeof specOf>[1] = {}) =>
  specOf(nodes(), { tEnd: timestampFromMs(START_MS + 3_600_000), gsl: { selection: 2, minElevationDeg: 10, hysteresisDeg: 5 }, ...extra });
const withoutStats = (batches: readonly LinkDeltaBatch[]) => batches.map(({ stats: _, ...batch }) => batch);

async function failure(promise: Promise<unknown>): Promise<{ code: number; message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code: number; message: string };
  }
  throw new Error('it did not fail');
}

describe('CreateScenario', () => {
  it('says its version and what it can do', async () => {
    expect(await engine.client.getVersion({})).toMatchObject({ engineVersion: '1.0.0', schemaVersion: '1.1' });
    expect(await engine.client.getCapabilities({})).toMatchObject({
      maxNodes: 100_000,
      eventsTickAligned: true,
      resumeFromTick: true,
      ephemeris: true,
      minDt: { nanos: 1_000_000 },
      maxDt: { seconds: 3600n },
    });
  });

  it('names the path of every fault, and its first word is one', async () => {
    const good = spec();
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
    const bare = spec();
    for (const node of bare.nodes) delete node.terminal;
    expect((await failure(engine.client.createScenario({ spec: bare }))).message).toMatch(/^nodes\[0\]\.terminal: /);
    bare.gsl!.fixedCapacityBps = 1e6;
    await engine.client.closeScenario({ scenarioRef: await engine.create(bare) });
  });

  it('hashes the specification, and gives the same scenario for the same idempotency key', async () => {
    const [first, again, other] = await Promise.all([
      engine.client.createScenario({ spec: spec(), idempotencyKey: 'k' }),
      engine.client.createScenario({ spec: spec(), idempotencyKey: 'k' }),
      engine.client.createScenario({ spec: spec({ seed: 7n }) }),
    ]);
    expect(first.specSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toEqual(first);
    expect(other.specSha256).not.toBe(first.specSha256);
    expect((await failure(engine.client.createScenario({ spec: spec({ seed: 8n }), idempotencyKey: 'k' }))).message).toMatch(/^idempotency_key: /);
  });

  it('is undone after a while without a call or an open stream, so that dead clients leave nothing behind', async () => {
    const brief = await testEngine({ idleMs: 200 });
    const { scenarioRef } = await brief.client.createScenario({ spec: spec() });
    const stream = brief.client.streamLinkDeltas({ scenarioRef, dt, selector: ALL_LINKS })[Symbol.asyncIterator]();
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

describe('StreamLinkDeltas', () => {
  let scenarioRef: ScenarioRef;
  let whole: LinkDeltaBatch[];
  const request = () => ({ scenarioRef, dt, selector: ALL_LINKS, thresholds: { delayS: 1e-5 }, emitFullSnapshotFirst: true });
  beforeAll(async () => {
    scenarioRef = await engine.create(spec());
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

  it('goes on from any tick as the unbroken stream does', async () => {
    const resumed = await collect(engine.client.streamLinkDeltas({ ...request(), resumeFromTick: 50n }));
    expect(withoutStats(resumed)).toEqual(withoutStats(whole.slice(50)));
  });

  it('is the same for several readers at once', async () => {
    const three = await Promise.all([1, 2, 3].map(() => collect(engine.client.streamLinkDeltas(request()))));
    for (const batches of three) expect(withoutStats(batches)).toEqual(withoutStats(whole));
  });

  it('tells elevation, azimuth, range, SNR, margin and MODCOD when asked', async () => {
    for await (const { updates } of engine.client.streamLinkDeltas({ ...request(), includeDebug: true })) {
      const gsl = updates.find(({ key }) => key!.linkType === LinkType.SAT_UT)!;
      for (const field of ['elevationDeg', 'azimuthDeg', 'rangeM', 'snrDb', 'snrMarginDb'] as const) expect(gsl[field]).toBeTypeOf('number');
      expect(gsl.modcod).toMatch(/PSK/);
      expect(gsl.rangeM! / gsl.oneWayDelayS).toBeCloseTo(299_792_458, 0);
      const isl = updates.find(({ key }) => key!.linkType === LinkType.ISL)!;
      expect(isl).toMatchObject({ rangeM: expect.any(Number) as number });
      expect(isl.elevationDeg).toBeUndefined();
      expect(isl.modcod).toBeUndefined();
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
    const ref = await engine.create(spec({ tEnd: timestampFromMs(START_MS + 86_400_000) }));
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

describe('StreamEvents', () => {
  it('tells passes, links, handovers and MODCODs, numbered, at ticks of the delta stream, and in accord with it', async () => {
    const scenarioRef = await engine.create(spec());
    const request = { scenarioRef, dt, selector: ALL_LINKS };
    const events = await collect(engine.client.streamEvents(request));
    expect(events.map(({ seq }) => Number(seq))).toEqual(events.map((_, i) => i));
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set([EventType.LINK_UP, EventType.LINK_DOWN, EventType.HANDOVER, EventType.MODCOD_CHANGE, EventType.PASS_START, EventType.PASS_END]),
    );
    for (const { tickIndex, time } of events) expect(time).toEqual(timestampFromMs(START_MS + Number(tickIndex) * 30_000));

    const up = new Set<string>();
    const name = (key: { src: string; dst: string } | undefined): string => `${key!.src}>${key!.dst}`;
    const changes: string[] = [];
    for await (const { tickIndex, removals, updates } of engine.client.streamLinkDeltas(request)) {
      for (const key of removals) if (up.delete(name(key))) changes.push(`${tickIndex} down ${name(key)}`);
      for (const { key, up: now } of updates) {
        if (now && !up.has(name(key)) && (tickIndex > 0n || key!.linkType === LinkType.SAT_UT)) changes.push(`${tickIndex} up ${name(key)}`);
        if (!now && up.has(name(key))) changes.push(`${tickIndex} down ${name(key)}`);
        if (now) up.add(name(key));
        else up.delete(name(key));
      }
    }
    const told = events.flatMap(({ type, tickIndex, link }) =>
      type === EventType.LINK_UP ? [`${tickIndex} up ${name(link)}`] : type === EventType.LINK_DOWN ? [`${tickIndex} down ${name(link)}`] : [],
    );
    expect(told.toSorted()).toEqual(changes.toSorted());
    const handover = events.find(({ type }) => type === EventType.HANDOVER)!;
    expect(handover).toMatchObject({ attrs: { from: expect.stringMatching(/^W-/) as string, to: handover.link!.dst }, nodeId: handover.link!.src });

    const some = await collect(engine.client.streamEvents({ ...request, types: [EventType.HANDOVER] }));
    expect(some.map(({ tickIndex, nodeId, attrs }) => ({ tickIndex, nodeId, attrs }))).toEqual(
      events.filter(({ type }) => type === EventType.HANDOVER).map(({ tickIndex, nodeId, attrs }) => ({ tickIndex, nodeId, attrs })),
    );
  });
});

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
    const scenarioRef = await engine.create(spec());
    const at = timestampFromMs(START_MS);
    expect((await failure(collect(engine.client.streamEphemeris({ scenarioRef, tStart: at, tEnd: at, nodeIds: ['nobody'] })))).message).toMatch(
      /^node_ids\[0\]: /,
    );
    expect((await failure(collect(engine.client.streamEphemeris({ scenarioRef, tStart: at, tEnd: timestampFromMs(START_MS + 1) })))).message).toMatch(/^dt: /);
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
