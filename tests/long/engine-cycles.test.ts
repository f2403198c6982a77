import { readFileSync, readdirSync } from 'node:fs';
import { scenarioSchema } from '@satsim/core';
import { compileScenario } from '@satsim/geomrf-client';
import { GeomRfEngine, createClient } from '@satsim/geomrf-proto';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { bin, pause, until } from '../e2e/satsim.js';

const CYCLES = 500;
const WARM_UP = 150;
/** A connection closes a moment after its client. */
const SETTLE_MS = 3_000;
const SECOND = { seconds: 1n, nanos: 0 };
/** Enough for the engine and a scenario; too little for those that were closed, of about 0.3 MiB each: it would die of them. */
const HEAP_MIB = 64;

/** Of another process, on Linux. */
const rssMiB = (pid: number): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
const handles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;

it.each(['auto', '2'])(
  `engine serve --workers %s: ${CYCLES} scenarios created, streamed, cancelled and closed leave nothing in it`,
  { timeout: 900_000 },
  async (workers) => {
    const server = execa(
      process.execPath,
      [
        `--max-old-space-size=${HEAP_MIB}`,
        '--max-semi-space-size=4',
        bin,
        'engine',
        'serve',
        '--address',
        '127.0.0.1:0',
        '--format',
        'json',
        '--workers',
        workers,
      ],
      {
        reject: false,
      },
    );
    onTestFinished(() => void server.kill('SIGKILL'));
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.includes('\n'));
    const { target, pid } = JSON.parse(said) as { target: string; pid: number };
    const scenario = scenarioSchema.parse({
      name: 'cycles',
      time: { t0: '2026-11-20T00:00:00Z', duration: '1h' },
      constellation: [{ walker: { name: 'S', planes: 12, per_plane: 12, altitude_km: 550, inclination_deg: 53 } }],
      ground: [{ cities: { top: 20 } }],
    });
    const { spec, selector } = await compileScenario(scenario, { baseDir: '/', locate: () => null });

    async function cycle(index: number): Promise<void> {
      const client = createClient(GeomRfEngine, target);
      const { scenarioRef } = await client.createScenario({ spec });
      const stream = client.streamLinkDeltas({ scenarioRef, dt: SECOND, selector })[Symbol.asyncIterator]();
      const events = client.streamEvents({ scenarioRef, dt: SECOND, selector })[Symbol.asyncIterator]();
      for (let k = 0; k < 5; k++) await stream.next();
      await events.next();
      if (index % 2 === 0) await Promise.all([stream.return!(), events.return!()]);
      await client.closeScenario({ scenarioRef: scenarioRef! });
      client.close();
    }
    for (let i = 0; i < WARM_UP; i++) await cycle(i);
    await pause(SETTLE_MS);
    const before = { rss: rssMiB(pid), handles: handles(pid), threads: threads(pid) };
    for (let i = WARM_UP; i < CYCLES; i++) await cycle(i);
    await pause(SETTLE_MS);
    expect(threads(pid)).toBe(before.threads);
    expect(rssMiB(pid) - before.rss).toBeLessThan(32);
    // A connection more or less may be about to close.
    expect(Math.abs(handles(pid) - before.handles)).toBeLessThan(3);
    server.kill('SIGTERM');
    expect((await server).exitCode).toBe(0);
  },
);
