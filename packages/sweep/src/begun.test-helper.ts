import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandCells } from './cells.js';
import type { SweepDefinition } from './definition.js';
import type { PlannedCell } from './planned.js';
import { prepareSweep, type PreparedSweep, type SweepChoice } from './prepare-sweep.js';

/** A sweep of two cells. */
const definition: SweepDefinition = {
  name: 's',
  scenario: '/s.yaml',
  set: {},
  grid: { a: [1, 2] },
  list: [],
  seed: 0,
  include: [],
  exclude: [],
};
/** The two cells of it. */
export const [FIRST, SECOND] = expandCells(definition).map(({ cell }) => cell) as [string, string];

/** What each of them is planned to be. */
export function planned(root: string): PlannedCell {
  return { scenario: {}, inputs: [], components: {}, engineVersion: null, artifactsRoot: join(root, 'runs'), emulates: false };
}

/** The sweep below a folder, with runs in `runs`. */
export async function prepared(root: string, choice: Partial<SweepChoice> = {}): Promise<PreparedSweep> {
  const all: SweepChoice = { sweepsRoot: join(root, 'sweeps'), include: {}, exclude: {}, rerun: 'missing', ...choice };
  return prepareSweep({ definition, file: null, locate: () => null, plugins: [] }, all, async () => planned(root), new AbortController().signal);
}

/**
 * A run of one cell of it, in a folder of runs; with the outcome `null` it was killed. Those of which nothing else is said come out as
 * they are planned above.
 */
export function writeRun(
  runsRoot: string,
  cell: string,
  started: string,
  { outcome = 'completed', scenario = {}, tags = ['sweep:s', `cell:${cell}`] }: { outcome?: string | null; scenario?: object; tags?: readonly string[] } = {},
): string {
  const runId = `20261121T${started}Z-s-${cell.slice(0, 4)}`;
  const runDir = join(runsRoot, runId);
  mkdirSync(join(runDir, 'manifests'), { recursive: true });
  const at = `2026-11-21T${started.replaceAll(/(..)(..)(..)/g, '$1:$2:$3')}Z`;
  const manifest = {
    manifest: 1,
    runId,
    name: 's',
    tags,
    pid: 1,
    processStart: '0',
    outcome,
    reason: outcome === 'failed' ? 'it broke' : null,
    startedAt: at,
    endedAt: at,
    seed: 0,
    mode: 'offline',
    t0: at,
    t1: at,
    dtMs: 1000,
    ticks: 1,
    traceSha256: null,
    scenario: { file: '/s.yaml' },
    lanes: [],
    exporters: [],
    engine: null,
    inputs: [],
    components: [],
  };
  const summary = {
    runId,
    outcome,
    exitCode: outcome === 'completed' ? 0 : 1,
    flows: [],
    assertions: [],
    lanes: [],
    exporters: [],
    ticks: 1,
    traceSha256: null,
    durationMs: 1,
  };
  const files = { 'manifests/run.json': manifest, 'manifests/scenario.normalized.json': scenario, 'summary.json': summary };
  for (const [path, content] of Object.entries(files)) writeFileSync(join(runDir, path), JSON.stringify(content));
  return runDir;
}
