import { durationFromMs, durationMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RpcStatus } from '@satsim/geomrf-proto';
import type { Capabilities } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { STEP, failure, firstOf, hourOf, smallSpec } from '../testing/service.test-helper.js';
import { ALL_LINKS, START_MS } from '../testing/specs.test-helper.js';

let engine: TestEngine;
let told: Capabilities;
beforeAll(async () => {
  engine = await testEngine();
  told = await engine.client.getCapabilities({});
});
afterAll(() => engine.stop());

it('version and schema are told', async () => {
  expect(await engine.client.getVersion({})).toMatchObject({ engineVersion: expect.stringMatching(/^\d+\.\d+\.\d+/), schemaVersion: '1.2' });
});

it('what the engine takes on is told', () => {
  expect(told).toMatchObject({ maxNodes: 100_000, maxLinksPerTick: 4_000_000, maxScenarios: 64 });
});

it('the shortest and the longest dt are taken, and no other', async () => {
  const scenarioRef = await engine.create(smallSpec());
  const [min, max] = [durationMs(told.minDt!), durationMs(told.maxDt!)];
  const first = (dtMs: number) => firstOf(engine.client.streamLinkDeltas({ scenarioRef, dt: durationFromMs(dtMs), selector: ALL_LINKS }));
  for (const dtMs of [min, max]) expect((await first(dtMs)).tickIndex).toBe(0n);
  for (const dtMs of [min / 2, max + 1]) expect(await failure(first(dtMs))).toMatchObject({ code: RpcStatus.INVALID_ARGUMENT });
});

it('links are of the types that are told, and of all of them', async () => {
  const spec = hourOf();
  spec.nodes.at(-1)!.role = 2;
  const [a, b] = spec.nodes.slice(-2).map(({ id }) => id);
  spec.terrestrial.push({ $typeName: 'geomrf.v1.TerrestrialLink', a: a, b: b, oneWayDelayS: 0.01, capacityBps: 1e9, lossRate: 0 });
  const batches = await collect(engine.client.streamLinkDeltas({ scenarioRef: await engine.create(spec), dt: STEP, selector: ALL_LINKS }));
  const seen = batches.flatMap(({ updates }) => updates.map(({ key }) => key!.linkType));
  expect(new Set(seen)).toEqual(new Set(told.linkTypes));
});

it('events carry their tick and number', async () => {
  expect(told.eventsTickAligned).toBe(true);
  const events = await collect(engine.client.streamEvents({ scenarioRef: await engine.create(hourOf()), dt: STEP, selector: ALL_LINKS }));
  events.forEach(({ seq, tickIndex, time }, index) => {
    expect(seq).toBe(BigInt(index));
    expect(time).toEqual(timestampFromMs(START_MS + Number(tickIndex) * 30_000));
  });
});

it('a stream begins at resume_from_tick, and the ephemeris answers', async () => {
  expect(told).toMatchObject({ resumeFromTick: true, ephemeris: true });
  const scenarioRef = await engine.create(smallSpec());
  expect((await firstOf(engine.client.streamLinkDeltas({ scenarioRef, dt: STEP, selector: ALL_LINKS, resumeFromTick: 7n }))).tickIndex).toBe(7n);
  const at = timestampFromMs(START_MS);
  expect((await firstOf(engine.client.streamEphemeris({ scenarioRef, tStart: at, tEnd: at }))).nodeIds).toHaveLength(11);
});

it('columns come when they are told and asked for, and not otherwise', async () => {
  const scenarioRef = await engine.create(smallSpec());
  const first = (columns: boolean) => firstOf(engine.client.streamLinkDeltas({ scenarioRef, dt: STEP, selector: ALL_LINKS, columns }));
  const asked = await first(true);
  expect([asked.columns !== undefined, asked.updates.length > 0]).toEqual([told.columns, !told.columns]);
  const unasked = await first(false);
  expect([unasked.columns, unasked.updates.length > 0]).toEqual([undefined, true]);
});
