import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GeomRfEngine, RpcStatus, createClient } from '@satsim/geomrf-proto';
import type { GeomRfMethods, LinkDeltaBatch, ScenarioRef, ServiceClient } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { openResources, usedMiB } from '../testing/memory.test-helper.js';
import { STEP, failure, hourOf, smallSpec, withoutStats } from '../testing/service.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

const deltas = (scenarioRef: ScenarioRef, client = engine.client) => client.streamLinkDeltas({ scenarioRef, dt: STEP, selector: ALL_LINKS });

/** Three clients of their own connections. */
async function withClients<T>(use: (clients: readonly ServiceClient<GeomRfMethods>[]) => Promise<T>): Promise<T> {
  const clients = [1, 2, 3].map(() => createClient(GeomRfEngine, engine.target));
  try {
    return await use(clients);
  } finally {
    for (const client of clients) client.close();
  }
}

describe('several scenarios and clients at once', () => {
  it('do not change what each of them is told', { timeout: 120_000 }, async () => {
    const specs = [
      hourOf(),
      hourOf({ gsl: { selection: 5, minElevationDeg: 20, hysteresisDeg: 0 } }),
      smallSpec({ tEnd: timestampFromMs(START_MS + 3_600_000) }),
    ];
    const refs = await Promise.all(specs.map((spec) => engine.create(spec)));
    const alone: (readonly LinkDeltaBatch[])[] = [];
    for (const ref of refs) alone.push(await collect(deltas(ref)));
    await withClients(async (clients) => {
      const together = await Promise.all(clients.flatMap((client) => refs.map((ref) => collect(deltas(ref, client)))));
      together.forEach((batches, i) => expect(withoutStats(batches)).toEqual(withoutStats(alone[i % refs.length])));
    });
  });

  it('closing one ends its streams only', async () => {
    const [one, other] = [await engine.create(smallSpec()), await engine.create(smallSpec())];
    const streams = [one, one, other].map((ref) => deltas(ref)[Symbol.asyncIterator]());
    for (const stream of streams) await stream.next();
    await engine.client.closeScenario({ scenarioRef: one });
    const ends = [streams[0], streams[1]].map((stream) => failure(drain(stream)));
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ code: RpcStatus.NOT_FOUND });
    for (let k = 1; k < 100; k++) expect((await streams[2].next()).value).toMatchObject({ tickIndex: BigInt(k) });
    await streams[2].return!();
  });
});

describe('a reader that stops reading', () => {
  it('holds up its own stream only, and costs the server no memory', { timeout: 120_000 }, async () => {
    const nodes = [...shell({ planes: 40, perPlane: 40, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
    // Every ISL changes in every tick: about 0.5 MiB each, 300 MiB in all.
    const scenarioRef = await engine.create(specOf(nodes, { tEnd: timestampFromMs(START_MS + 600_000) }));
    const second = (client: ServiceClient<GeomRfMethods>) => client.streamLinkDeltas({ scenarioRef, dt: durationFromMs(1_000), selector: ALL_LINKS });
    await withClients(async ([idle, quick]) => {
      const held = second(idle)[Symbol.asyncIterator]();
      await held.next();
      const before = await usedMiB();
      let [ticks, most, bytes] = [0, 0, 0];
      for await (const { updates } of second(quick)) {
        ticks++;
        bytes += updates.length * 60;
        if (ticks % 200 === 0) most = Math.max(most, (await usedMiB()) - before);
      }
      expect(ticks).toBe(600);
      expect(bytes / 2 ** 20).toBeGreaterThan(150);
      // 1 MiB in the server, 1 MiB in the connection, 16 messages at the reader: up to 10 MiB, and as much of the quick one when its turn is late.
      expect(most).toBeLessThan(32);
      // Its own stream goes on where it stood.
      for (let k = 1; k < 50; k++) expect((await held.next()).value).toMatchObject({ tickIndex: BigInt(k) });
      await held.return!();
    });
  });
});

describe('what is cancelled or closed', () => {
  it('is freed: memory, timers and handles', { timeout: 120_000 }, async () => {
    const spec = hourOf();
    const cycle = async (close: boolean): Promise<void> => {
      const scenarioRef = await engine.create(spec);
      const streams = [deltas(scenarioRef), engine.client.streamEvents({ scenarioRef, dt: STEP, selector: ALL_LINKS })].map((stream) =>
        stream[Symbol.asyncIterator](),
      );
      for (const stream of streams) await stream.next();
      if (close) for (const stream of streams) await stream.return!();
      await engine.client.closeScenario({ scenarioRef });
      if (!close) for (const stream of streams) await failure(drain(stream));
    };
    for (let i = 0; i < 20; i++) await cycle(i % 2 === 0);
    const [before, resources] = [await usedMiB(), openResources()];
    for (let i = 0; i < 60; i++) await cycle(i % 2 === 0);
    // A scenario of this size holds a quarter of a MiB.
    expect((await usedMiB()) - before).toBeLessThan(2);
    expect(openResources()).toEqual(resources);
  });
});

async function drain(stream: AsyncIterator<unknown>): Promise<void> {
  while ((await stream.next()).done !== true);
}
