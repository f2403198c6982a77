import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExporterDefinition, LinkState } from '@satsim/core';
import { testExporterDeps, testTick } from '@satsim/core/testing';
import { measureSweep } from './sweep-ratio.ts';

export interface Figure {
  readonly unit: 'ms' | 'µs' | 's' | 'ratio' | 'bytes';
  /** What the median may be. */
  readonly limit: number;
  readonly measure: () => number | Promise<number>;
}

/** Single figures that are promised, each with its limit. */
export const FIGURES: Readonly<Record<string, Figure>> = {
  discovery: { unit: 'ms', limit: 150, measure: discovery },
  help: { unit: 'ms', limit: 250, measure: () => satsim(['--help']) },
  'noop-lane': { unit: 'µs', limit: 20, measure: noopLane },
  parquet: { unit: 's', limit: 6, measure: parquet },
  // 64 cells of ten minutes, each time anew: two processes by one, and CPU time by that of bare runs.
  sweep: { unit: 'ratio', limit: 0.75, measure: () => measureSweep(64, 1).wallRatio },
  'sweep-cpu': { unit: 'ratio', limit: 1.1, measure: () => measureSweep(64, 1).cpuRatio },
};

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One command in a process of its own: milliseconds from its start to its end. */
function satsim(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [at('../packages/cli/bin/satsim.js'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`satsim ${args.join(' ')}: exit ${status}\n${stderr}`);
  return performance.now() - started;
}

/** Fifty installed plugins: found, their manifests and what they require checked, in a process of its own. */
function discovery(): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('./discovery.ts'), '--runs', '1'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`discovery: exit ${status}\n${stderr}`);
  const { discoveryMs, requirementsMs } = JSON.parse(stdout) as Record<'discoveryMs' | 'requirementsMs', { readonly median: number }>;
  return discoveryMs.median + requirementsMs.median;
}

const TICKS = 20_000;
const LANES = 8;

/** Two runs of many small ticks, one of them with eight lanes more: microseconds that each of them adds to a tick. */
function noopLane(): number {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-bench-'));
  try {
    const scenario = join(dir, 'small.satsim.yaml');
    const constellation = 'walker: { name: W, pattern: star, planes: 1, per_plane: 4, altitude_km: 1200, inclination_deg: 87, phasing: 0 }';
    const time = `{ t0: "2026-11-20T00:00:00Z", duration: ${TICKS * 100}ms, dt: 100ms }`;
    writeFileSync(
      scenario,
      `name: small\ntime: ${time}\nconstellation: [{ ${constellation} }]\nlinks: { isl: { pattern: plus_grid, capacity_mbps: 1 } }\nexporters: {}\n`,
    );
    const run = (lanes: number): number => {
      const chosen = Array.from({ length: lanes }, (_, i) => ['--lane', `noop-${i + 1}`]).flat();
      return satsim(['run', scenario, '--plugin', at('./noop-lanes'), ...chosen, '--set', `paths.artifacts_root=${dir}`, '--format', 'json']);
    };
    const one = run(1);
    return ((run(1 + LANES) - one) * 1000) / (TICKS * LANES);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const LINKS = 1_000;
const ROWS = 1_000_000;

/** Ticks of a thousand links, every one of them changed in every tick: seconds that the exporter needs for a million rows. */
async function parquet(): Promise<number> {
  const { default: plugin } = await import('@satsim/exporter-parquet');
  const definition = plugin.definitions[0] as ExporterDefinition;
  const config = ((await definition.config['~standard'].validate({})) as { readonly value: unknown }).value;
  const { deps, dispose } = await testExporterDeps();
  try {
    const exporter = definition.create({ ...deps, config });
    let spentMs = 0;
    const timed = async (work: () => Promise<void> | undefined): Promise<void> => {
      const started = performance.now();
      await work();
      spentMs += performance.now() - started;
    };
    await timed(() => exporter.open());
    for (let tickIndex = 0; tickIndex < ROWS / LINKS; tickIndex += 1) {
      const tick = testTick(tickIndex, { snapshot: tickIndex === 0, updates: linksAt(tickIndex) });
      await timed(() => exporter.writeTick?.(tick));
    }
    await timed(() => exporter.close('completed'));
    return spentMs / 1000;
  } finally {
    await dispose();
  }
}

function linksAt(tickIndex: number): LinkState[] {
  return Array.from({ length: LINKS }, (_, i): LinkState => {
    const [source, target] = [`S-${i}`, `S-${i + 1}`];
    const oneWayDelayMs = 10 + 5 * Math.sin(tickIndex / 100 + i);
    return { linkId: `isl:${source}>${target}`, source, target, kind: 'isl', up: (tickIndex + i) % 50 !== 0, oneWayDelayMs, capacityMbps: 100, lossPct: 0 };
  });
}
