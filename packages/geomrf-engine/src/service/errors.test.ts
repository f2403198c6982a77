import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GeomRfEngine, RpcStatus, StreamLinkDeltasRequestSchema, createClient } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../serve.js';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { STEP, failure, firstOf, smallSpec } from '../testing/service.test-helper.js';
import { ALL_LINKS, START_MS } from '../testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

const at = timestampFromMs(START_MS);
/** All calls that name a scenario. */
const calls = ({ client }: TestEngine, scenarioRef: { scenarioId: string } | undefined): Record<string, () => Promise<unknown>> => {
  const ref = scenarioRef === undefined ? {} : { scenarioRef };
  return {
    closeScenario: () => client.closeScenario(ref),
    streamLinkDeltas: () => firstOf(client.streamLinkDeltas({ ...ref, dt: STEP, selector: ALL_LINKS })),
    streamEvents: () => firstOf(client.streamEvents({ ...ref, dt: STEP, selector: ALL_LINKS })),
    streamEphemeris: () => firstOf(client.streamEphemeris({ ...ref, tStart: at, tEnd: at })),
  };
};

describe('NOT_FOUND', () => {
  it.each(['closeScenario', 'streamLinkDeltas', 'streamEvents', 'streamEphemeris'])('%s: an unknown, a closed and a missing reference', async (method) => {
    const closed = await engine.create(smallSpec());
    await engine.client.closeScenario({ scenarioRef: closed });
    for (const ref of [{ scenarioId: 'nobody' }, closed, undefined]) {
      expect(await failure(calls(engine, ref)[method]())).toMatchObject({ code: RpcStatus.NOT_FOUND, message: expect.stringMatching(/^scenario_ref: /) });
    }
  });
});

describe('FAILED_PRECONDITION', () => {
  // A varint field, as a later version of the contract might add one.
  const later = [{ no: 99, wireType: 0, data: Uint8Array.of(1) }];

  it('a specification with a field of a later schema is refused, with the path, and opens nothing', async () => {
    const [top, node, inner, request] = [smallSpec(), smallSpec(), smallSpec(), smallSpec()];
    top.$unknown = later;
    node.nodes[3].$unknown = later;
    inner.nodes[1].terminal!.$unknown = later;
    const site = request.nodes.at(-1)!;
    if (site.position.case === 'site') site.position.value.$unknown = later;
    for (const [spec, path] of [
      [top, 'spec.99'],
      [node, 'spec.nodes[3].99'],
      [inner, 'spec.nodes[1].terminal.99'],
      [request, 'spec.nodes[10].site.99'],
    ] as const) {
      const { code, message } = await failure(engine.client.createScenario({ spec }));
      expect([code, message]).toEqual([
        RpcStatus.FAILED_PRECONDITION,
        expect.stringMatching(new RegExp(`^${path.replaceAll(/[.[\]]/g, '\\$&')}: .*schema version 1\\.`)),
      ]);
    }
  });

  it('so is a request', async () => {
    const request = create(StreamLinkDeltasRequestSchema, { scenarioRef: await engine.create(smallSpec()), dt: STEP, selector: { allLinks: true } });
    request.selector!.$unknown = later;
    expect(await failure(firstOf(engine.client.streamLinkDeltas(request)))).toMatchObject({
      code: RpcStatus.FAILED_PRECONDITION,
      message: expect.stringMatching(/^selector\.99: /),
    });
  });
});

describe('RESOURCE_EXHAUSTED', () => {
  it('beyond each limit that the capabilities tell, and not at it', async () => {
    const links = 2 * 4 * 5 + 2; // +Grid over ten satellites, and one satellite over quito
    const small = await testEngine({ limits: { maxNodes: 11, maxScenarios: 2, maxLinksPerTick: links } });
    const { maxNodes, maxScenarios, maxLinksPerTick } = await small.client.getCapabilities({});
    expect([maxNodes, maxScenarios, maxLinksPerTick]).toEqual([11, 2, links]);

    const spec = smallSpec();
    const more = smallSpec();
    more.nodes.push({ ...more.nodes[10], id: 'one-more' });
    expect(await failure(small.create(more))).toMatchObject({ code: RpcStatus.RESOURCE_EXHAUSTED, message: expect.stringMatching(/^nodes: 12 /) });

    const [first] = [await small.create(spec), await small.create(spec)];
    expect(await failure(small.create(spec))).toMatchObject({ code: RpcStatus.RESOURCE_EXHAUSTED, message: expect.stringContaining('2 scenarios are open') });
    await small.client.closeScenario({ scenarioRef: first });
    const scenarioRef = await small.create(spec);

    const request = { scenarioRef, dt: STEP, selector: ALL_LINKS };
    expect((await firstOf(small.client.streamLinkDeltas(request))).updates.length).toBeLessThanOrEqual(links);
    await small.stop();

    const tight = await testEngine({ limits: { maxLinksPerTick: 3 } });
    const tightRef = await tight.create(spec);
    expect(await failure(firstOf(tight.client.streamLinkDeltas({ ...request, scenarioRef: tightRef })))).toMatchObject({
      code: RpcStatus.RESOURCE_EXHAUSTED,
      message: expect.stringMatching(/^tick 0: \d+ links/),
    });
    await tight.stop();
  });
});

describe('UNAUTHENTICATED', () => {
  it('every method, for want of the token', async () => {
    const locked = await testEngine({ token: 'sesame' });
    const opening = { getVersion: () => locked.client.getVersion({}), createScenario: () => locked.create(smallSpec()) };
    const methods = { ...calls(locked, { scenarioId: 'x' }), ...opening };
    for (const [method, call] of Object.entries(methods)) expect.soft(await failure(call()), method).toMatchObject({ code: RpcStatus.UNAUTHENTICATED });
    const welcome = createClient(GeomRfEngine, locked.target, { token: 'sesame' });
    expect(await welcome.getVersion({})).toMatchObject({ schemaVersion: '1.2' });
    welcome.close();
    await locked.stop();
  });
});

describe('UNAVAILABLE', () => {
  it('ends the streams of an engine that is stopped, at once and in order', async () => {
    const server = await serve('127.0.0.1:0');
    const client = createClient(GeomRfEngine, server.target);
    const { scenarioRef } = await client.createScenario({ spec: smallSpec() });
    const day = { scenarioRef, tStart: at, tEnd: timestampFromMs(START_MS + 86_400_000), dt: durationFromMs(100) };
    const streams = [client.streamLinkDeltas({ ...day, selector: ALL_LINKS }), client.streamEphemeris(day)].map((stream) => stream[Symbol.asyncIterator]());
    for (const stream of streams) await stream.next();
    const started = performance.now();
    const ends = streams.map((stream) => failure(drain(stream)));
    await server.stop();
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ code: RpcStatus.UNAVAILABLE, message: 'the engine was stopped' });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await failure(client.getVersion({}, { timeoutMs: 2_000 }))).toMatchObject({ code: RpcStatus.UNAVAILABLE });
    client.close();
  });
});

describe('CANCELLED', () => {
  it('is what a client hears that has had enough', async () => {
    const abort = new AbortController();
    const stream = engine.client.streamLinkDeltas({ scenarioRef: await engine.create(smallSpec()), dt: STEP, selector: ALL_LINKS }, { signal: abort.signal });
    abort.abort();
    expect(await failure(collect(stream))).toMatchObject({ code: RpcStatus.CANCELLED });
  });
});

async function drain(stream: AsyncIterator<unknown>): Promise<void> {
  while ((await stream.next()).done !== true);
}
