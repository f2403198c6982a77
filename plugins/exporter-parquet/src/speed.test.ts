import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LinkState } from '@satsim/core';
import { TEST_RUN, testExporterDeps } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { configSchema } from './config.js';
import { ParquetExporter } from './parquet-exporter.js';
import { readTable } from './read-table.js';

const LINKS = 5_000;
const TICKS = 200;
/** CPU seconds of this process, so that neighbours on the machine don't count. Measured: 2. */
const LIMIT_S = 6;

const link = (i: number, tick: number): LinkState => {
  const [source, target] = [`S-${1 + (i % 72)}-${1 + Math.floor(i / 72)}`, `S-${1 + ((i + 1) % 72)}-${1 + Math.floor(i / 72)}`];
  return {
    linkId: `isl:${source}>${target}`,
    source,
    target,
    kind: 'isl',
    up: i % 50 > 0,
    oneWayDelayMs: 5 + Math.sin(i + tick / 100),
    capacityMbps: 10_000,
    lossPct: 0,
  };
};

test(`a million link rows in ${LIMIT_S} CPU seconds`, async () => {
  const { deps, dispose } = await testExporterDeps();
  try {
    const exporter = new ParquetExporter({ ...deps, config: configSchema.parse({}) });
    const before = process.cpuUsage();
    await exporter.open();
    for (let tickIndex = 0; tickIndex < TICKS; tickIndex++) {
      const updates = Array.from({ length: LINKS }, (_, i) => link(i, tickIndex));
      const stats = { computeMs: 0, linksEvaluated: LINKS, linksEmitted: LINKS };
      await exporter.writeTick({
        runId: 'speed',
        scenarioRef: 'speed',
        tickIndex,
        simTimeMs: TEST_RUN.t0Ms + tickIndex * 1_000,
        snapshot: tickIndex === 0,
        removals: [],
        updates,
        stats,
      });
    }
    await exporter.close();
    const { user, system } = process.cpuUsage(before);
    const { metadata } = await readTable(await readFile(join(deps.artifacts.dir, 'results/ticks.parquet')));
    expect(Number(metadata.num_rows)).toBe(LINKS * TICKS);
    expect((user + system) / 1e6).toBeLessThan(LIMIT_S);
  } finally {
    await dispose();
  }
});
