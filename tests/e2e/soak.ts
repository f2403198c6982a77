import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { scenarioSchema } from '@satsim/core';
import { compileScenario } from '@satsim/geomrf-client';
import { startEngineServer } from '@satsim/geomrf-engine';
import { GeomRfEngine, createClient } from '@satsim/geomrf-proto';
import { expect } from 'vitest';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

export interface SoakSample {
  readonly simulatedS: number;
  readonly usedMiB: number;
  readonly rssMiB: number;
}

export interface SoakReport {
  readonly ticks: number;
  readonly wallS: number;
  /** Per tick. */
  readonly links: number;
  readonly samples: readonly SoakSample[];
}

const T0_MS = Date.parse('2026-11-20T00:00:00Z');
const SAMPLES = 60;
const SECOND = { seconds: 1n, nanos: 0 };

/** Starlink's first shell over the 100 largest cities at 1 s, with events, by gRPC: a real server, a real client, every tick checked. */
export async function soak(simulatedS: number): Promise<SoakReport> {
  const scenario = scenarioSchema.parse({
    name: 'soak',
    time: { t0: new Date(T0_MS).toISOString(), duration: `${simulatedS}s`, dt: '1s' },
    constellation: [{ walker: { name: 'S', planes: 72, per_plane: 22, altitude_km: 550, inclination_deg: 53, phasing: 39 } }],
    ground: [{ cities: { top: 100 } }],
    links: { isl: { pattern: 'plus_grid' }, gsl: { min_elevation_deg: 25, policy: 'max_elevation', hysteresis_deg: 5 } },
  });
  const { spec, selector, thresholds } = await compileScenario(scenario, { baseDir: '/', locate: () => null });
  const server = await startEngineServer({ address: '127.0.0.1:0' });
  const client = createClient(GeomRfEngine, server.target);
  try {
    const { columns, includeEvents } = await client.getCapabilities({});
    const { scenarioRef } = await client.createScenario({ spec });
    const samples: SoakSample[] = [];
    const every = Math.ceil(simulatedS / SAMPLES);
    const started = performance.now();
    let [ticks, links, events] = [0, 0, 0];
    const request = { scenarioRef, dt: SECOND, selector, thresholds, emitFullSnapshotFirst: true, columns, includeEvents };
    for await (const batch of client.streamLinkDeltas(request)) {
      if (Number(batch.tickIndex) !== ticks || Number(batch.time!.seconds) !== T0_MS / 1_000 + ticks)
        expect.unreachable(`tick ${batch.tickIndex} where ${ticks} was due`);
      ticks++;
      links += batch.stats!.linksEmitted;
      events += batch.events.length;
      if (ticks % every === 0) samples.push(await sample(ticks));
    }
    await client.closeScenario({ scenarioRef: scenarioRef! });
    if (events < ticks) expect.unreachable(`${events} events in ${ticks} ticks`);
    return { ticks, wallS: (performance.now() - started) / 1_000, links: links / ticks, samples };
  } finally {
    client.close();
    await server.stop();
  }
}

async function sample(simulatedS: number): Promise<SoakSample> {
  gc();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { simulatedS, usedMiB: (heapUsed + arrayBuffers) / 2 ** 20, rssMiB: rss / 2 ** 20 };
}

/** How much the median of a quantity grows from the middle third of the samples to the last; the first is for warming up. */
export function growth(samples: readonly SoakSample[], quantity: 'usedMiB' | 'rssMiB'): number {
  const third = Math.floor(samples.length / 3);
  const median = (some: readonly SoakSample[]): number => some.map((one) => one[quantity]).toSorted((a, b) => a - b)[some.length >> 1]!;
  return median(samples.slice(-third)) - median(samples.slice(third, 2 * third));
}
