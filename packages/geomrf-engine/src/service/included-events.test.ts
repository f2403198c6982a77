import { createHash } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
// By its name: workers run what was built.
import { startEngineServer } from '@satsim/geomrf-engine';
import type { EngineServer } from '@satsim/geomrf-engine';
import {
  EventType,
  GeomRfEngine,
  LinkDeltaBatchSchema,
  LinkSelectorSchema,
  LinkType,
  ScenarioRefSchema,
  StreamLinkDeltasRequestSchema,
  createClient,
} from '@satsim/geomrf-proto';
import type { EngineEvent, GeomRfMethods, LinkDeltaBatch, ScenarioSpec, ServiceClient } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeltaBatches } from '../links/delta-batches.js';
import { EventSteps } from '../links/event-steps.js';
import { compileScenario } from '../scenario/compiled.js';
import { collect } from '../testing/engine.test-helper.js';
import { hourOf } from '../testing/service.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';

const polar = [...shell({ planes: 6, perPlane: 11, altitudeKm: 780, inclinationDeg: 86.4 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
const tEnd = timestampFromMs(START_MS + 3_600_000);
const radio = { eirpDbw: 42, gOverTDbPerK: 12, frequencyHz: 26e9, bandwidthHz: 400e6 };
const at = (s: number, forS?: number) => ({ at: { seconds: BigInt(s) }, ...(forS === undefined ? {} : { for: { seconds: BigInt(forS) } }) });
const faults = [
  { ...at(300, 245), what: { case: 'nodeId' as const, value: 'W-1-1' } },
  { ...at(600, 600), what: { case: 'nodeId' as const, value: 'tokyo' } },
  { ...at(900, 61), what: { case: 'link' as const, value: { a: 'W-2-1', b: 'W-2-2' } } },
  { ...at(1200, 900), what: { case: 'nodeId' as const, value: 'london' }, capacityBps: 0 },
  { ...at(2400), what: { case: 'nodeId' as const, value: 'delhi' } },
];
const terrestrial = [{ a: 'tokyo', b: 'london', oneWayDelayS: 0.08, capacityBps: 1e9 }];

const CASES: Readonly<Record<string, ScenarioSpec>> = {
  'the highest': hourOf(),
  'the highest, an outage between ticks at handovers': hourOf({ gsl: { selection: 2, minElevationDeg: 10, handoverOutageS: 45 } }),
  'the highest, fixed capacity': hourOf({ gsl: { selection: 2, minElevationDeg: 10, fixedCapacityBps: 1e8 } }),
  'all visible': hourOf({ gsl: { selection: 1, minElevationDeg: 10 } }),
  'all visible, fixed capacity': hourOf({ gsl: { selection: 1, minElevationDeg: 10, fixedCapacityBps: 1e8 } }),
  'the one that sets last': hourOf({ gsl: { selection: 3, minElevationDeg: 10 } }),
  'the best signal': hourOf({ gsl: { selection: 4, minElevationDeg: 10, hysteresisDeg: 1 } }),
  'the least loaded': hourOf({ gsl: { selection: 5, minElevationDeg: 10 } }),
  'a schedule, with outages': hourOf({ gsl: { selection: 6, minElevationDeg: 10, handoverOutageS: 1 } }),
  faults: hourOf({ faults, terrestrial }),
  'a polar cut-off, lasers with a budget': specOf(polar, {
    tEnd,
    isl: { pattern: 2, minAltitudeM: 80_000, polarCutoffLatDeg: 60, terminal: radio },
    gsl: { selection: 2, minElevationDeg: 8.2 },
  }),
  'the nearest satellites, in rain': hourOf({
    isl: { pattern: 3, neighbors: 4, minAltitudeM: 80_000, terminal: radio },
    gsl: { selection: 2, minElevationDeg: 10, gases: true },
    weather: [{ nodeId: 'delhi', rain: { case: 'process', value: { probability: 0.5, medianMmPerH: 20, sigma: 1, correlationTimeS: 300 } } }],
    adaptation: { marginDb: 1, hysteresisDb: 0.5 },
  }),
};

const dt = durationFromMs(30_000);
/** One line an event: quicker to compare than objects. */
const plain = (event: EngineEvent): string => JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
/** Of all that is not an event, or a time that it took. */
function digest(batches: readonly LinkDeltaBatch[]): string {
  const hash = createHash('sha256');
  for (const batch of batches) hash.update(toBinary(LinkDeltaBatchSchema, { ...batch, events: [], stats: undefined, scenarioRef: undefined }));
  return hash.digest('hex');
}
const eventsOf = (batches: readonly LinkDeltaBatch[]) => batches.flatMap(({ events }) => events.map(plain));

describe('events with link deltas', () => {
  const engines: { readonly server: EngineServer; readonly client: ServiceClient<GeomRfMethods> }[] = [];
  beforeAll(async () => {
    for (const workers of [1, 2]) {
      const server = await startEngineServer({ address: '127.0.0.1:0', workers });
      engines.push({ server, client: createClient(GeomRfEngine, server.target) });
    }
  });
  afterAll(async () => {
    for (const { server, client } of engines) {
      client.close();
      await server.stop();
    }
  });

  it.each(Object.entries(CASES))('are those of StreamEvents and change nothing else, in one thread and two: %s', { timeout: 60_000 }, async (_name, spec) => {
    const thresholds = { delayS: 1e-4, capacityBps: 1e12, lossRate: 1 };
    const refs = await Promise.all(engines.map(async ({ client }) => (await client.createScenario({ spec })).scenarioRef!));
    const request = { dt: durationFromMs(60_000), selector: ALL_LINKS, emitFullSnapshotFirst: true };
    const [first] = engines;
    const due = (await collect(first.client.streamEvents({ ...request, scenarioRef: refs[0] }))).map(plain);
    expect(due.length).toBeGreaterThan(50);
    for (const [i, { client }] of engines.entries()) {
      for (const more of [{ thresholds }, { includeDebug: true }]) {
        const stream = (includeEvents: boolean) =>
          collect(client.streamLinkDeltas({ ...request, ...more, columns: true, scenarioRef: refs[i], includeEvents }));
        const [asked, unasked] = [await stream(true), await stream(false)];
        expect(eventsOf(asked)).toEqual(due);
        expect(asked.every(({ tickIndex, events }) => events.every((event) => event.tickIndex === tickIndex))).toBe(true);
        expect(eventsOf(unasked)).toEqual([]);
        expect(digest(asked)).toBe(digest(unasked));
      }
    }
  });

  it('are of every type in the cases above', async () => {
    const steps = Object.values(CASES).map((spec) => new EventSteps(compileScenario(spec), ALL_LINKS, [], 30_000));
    const seen = new Set(steps.flatMap((each) => Array.from({ length: 60 }, (_, k) => each.next(k, START_MS + k * 30_000)).flat()).map(({ type }) => type));
    expect(seen.size).toBe(Object.values(EventType).filter((type) => typeof type === 'number').length - 1);
  });

  it('come with messages as well', async () => {
    const [{ client }] = engines;
    const { scenarioRef } = await client.createScenario({ spec: CASES['the highest'] });
    const request = { scenarioRef, dt, tEnd: timestampFromMs(START_MS + 600_000), selector: ALL_LINKS };
    const due = (await collect(client.streamEvents(request))).map(plain);
    const [asked, unasked] = await Promise.all([true, false].map((includeEvents) => collect(client.streamLinkDeltas({ ...request, includeEvents }))));
    expect(eventsOf(asked)).toEqual(due);
    expect(digest(asked)).toBe(digest(unasked));
  });

  it('follow the selector', async () => {
    const [{ client }] = engines;
    const { scenarioRef } = await client.createScenario({ spec: CASES['faults'] });
    for (const init of [{ nodeIds: ['tokyo'] }, { linkTypes: [LinkType.ISL] }, { links: [{ src: 'W-1-1', dst: 'W-1-2', linkType: LinkType.ISL }] }]) {
      const request = { scenarioRef, dt, selector: create(LinkSelectorSchema, init) };
      const due = (await collect(client.streamEvents(request))).map(plain);
      expect(due.length).toBeGreaterThan(0);
      expect(eventsOf(await collect(client.streamLinkDeltas({ ...request, includeEvents: true })))).toEqual(due);
    }
  });

  it('go on at a tick with the numbers of an unbroken stream', async () => {
    for (const { client } of engines) {
      const { scenarioRef } = await client.createScenario({ spec: CASES['the highest'] });
      const request = { scenarioRef, dt, selector: ALL_LINKS, includeEvents: true, columns: true };
      const whole = await collect(client.streamLinkDeltas(request));
      const resumed = await collect(client.streamLinkDeltas({ ...request, resumeFromTick: 70n }));
      expect(eventsOf(resumed)).toEqual(eventsOf(whole.slice(70)));
      expect(resumed.flatMap(({ events }) => events)[0].seq).toBeGreaterThan(0n);
    }
  });

  it('of a tick that are many are spread over several batches, the last of which has everything else', async () => {
    const compiled = compileScenario(CASES['all visible']);
    const ref = create(ScenarioRefSchema, { scenarioId: 'x' });
    const request = create(StreamLinkDeltasRequestSchema, { selector: ALL_LINKS, includeEvents: true, emitFullSnapshotFirst: true });
    const read = async (eventsABatch?: number): Promise<LinkDeltaBatch[]> => {
      const batches = new DeltaBatches(compiled, ref, request, { dtMs: 30_000, maxLinks: 1e6, eventsABatch });
      const all: LinkDeltaBatch[] = [];
      for (let k = 0; k < 20; k++) all.push(...(await batches.next(k, START_MS + k * 30_000)));
      await batches.close();
      return all;
    };
    const [whole, parts] = [await read(), await read(7)];
    expect(whole.every(({ eventsContinue }) => !eventsContinue)).toBe(true);
    expect(eventsOf(parts)).toEqual(eventsOf(whole));
    const early = parts.filter(({ eventsContinue }) => eventsContinue);
    expect(early.length).toBeGreaterThan(10);
    for (const { updates, removals, events, time, tickIndex } of early) {
      expect([updates.length, removals.length, events.length]).toEqual([0, 0, 7]);
      expect(time).toEqual(timestampFromMs(START_MS + Number(tickIndex) * 30_000));
    }
    expect(digest(parts.filter(({ eventsContinue }) => !eventsContinue))).toBe(digest(whole));
  });
});
