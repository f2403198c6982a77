import { Worker } from 'node:worker_threads';
import { timestampFromMs, durationFromMs } from '@bufbuild/protobuf/wkt';
import { GeomRfEngine, createClient } from '@satsim/geomrf-proto';
import type { LinkDeltaBatch } from '@satsim/geomrf-proto';
import type { StreamRow } from './report.ts';
import { walkerSpec } from './specs.ts';

/** 5,000 ISLs in both directions, all of which change with every tick. */
export const STREAM_LINKS = 10_000;
const SHELL = [{ planes: 50, perPlane: 50, altitudeKm: 550, inclinationDeg: 53 }];
const WARM_UP = 100;
const TICKS = 600;
const LIMIT_TICKS_PER_S = 100;

/** Ticks a second of the real engine in one thread to a gRPC client in another, over TCP on the loopback device. */
export async function streams(): Promise<StreamRow[]> {
  const server = new Worker(new URL('./serve.ts', import.meta.url));
  const target = await new Promise<string>((resolve, reject) => server.once('message', resolve).once('error', reject));
  const client = createClient(GeomRfEngine, target);
  try {
    const { scenarioRef } = await client.createScenario({ spec: walkerSpec(SHELL, []) });
    const { columns: speaksColumns } = await client.getCapabilities({});
    const rows: StreamRow[] = [];
    for (const encoding of ['columns', 'messages'] as const) {
      const columns = encoding === 'columns';
      const row = { encoding, limitTicksPerSecond: LIMIT_TICKS_PER_S };
      if (columns && !speaksColumns) {
        rows.push({ ...row, skipped: 'the engine does not speak columns' });
        continue;
      }
      const start = Date.parse('2026-11-20T00:00:00Z');
      const stream = client.streamLinkDeltas({
        scenarioRef: scenarioRef!,
        tStart: timestampFromMs(start),
        tEnd: timestampFromMs(start + (WARM_UP + TICKS) * 1000),
        dt: durationFromMs(1000),
        selector: { allLinks: true },
        columns,
      });
      const { ticksPerSecond, linksPerTick } = await consume(stream);
      rows.push({ ...row, ticksPerSecond, linksPerTick, reached: ticksPerSecond >= LIMIT_TICKS_PER_S && linksPerTick >= 0.99 * STREAM_LINKS });
    }
    return rows;
  } finally {
    client.close();
    await server.terminate();
  }
}

async function consume(stream: AsyncIterable<LinkDeltaBatch>): Promise<{ ticksPerSecond: number; linksPerTick: number }> {
  let [ticks, links, started] = [0, 0, 0];
  for await (const batch of stream) {
    if (ticks++ === WARM_UP) started = performance.now();
    else if (ticks > WARM_UP) links += batch.columns === undefined ? batch.updates.length : batch.columns.link.byteLength / 4;
  }
  const measured = ticks - WARM_UP - 1;
  return { ticksPerSecond: (1000 * measured) / (performance.now() - started), linksPerTick: Math.round(links / measured) };
}
