import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { changedFiles } from '../artifacts/file-hashes.js';
import type { RunManifest } from '../artifacts/run-manifest.js';
import type { RunSummary } from '../artifacts/summary.js';
import { readTrace, TraceHash } from '../artifacts/trace/index.js';
import type { Exporter, ExporterDeps } from '../contract/exporter.js';
import type { LaneAdapter, LaneDeps } from '../contract/lane.js';
import { type Contribution, defineExporter, defineLane, defineTickSource, type PluginKind } from '../contract/plugin.js';
import type { FlowSample } from '../contract/results.js';
import { scenarioSchema } from '../contract/scenario.js';
import type { TickSource, TickSourceDeps, TickStream } from '../contract/tick-source.js';
import type { EngineEvent, TickUpdate } from '../contract/tick.js';
import { createRun } from './run.js';
import type { PlannedPlugin, RunOptions, RunPlan, RunResult } from './types.js';

const T0 = Date.parse('2026-11-20T00:00:00Z');

const temporary: string[] = [];

/** Run directories of plans that were given no root; for `afterAll`. */
export function removeRuns(): void {
  for (const dir of temporary.splice(0)) rmSync(dir, { recursive: true, force: true });
}

function temporaryRoot(): string {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-run-'));
  temporary.push(dir);
  return dir;
}

export function makeTick(tickIndex: number, changes: Partial<TickUpdate> = {}): TickUpdate {
  const updates = [
    { linkId: 'isl:a>b', source: 'a', target: 'b', kind: 'isl' as const, up: true, oneWayDelayMs: tickIndex + 0.5, capacityMbps: 10, lossPct: 0 },
  ];
  return {
    runId: 'given by the source',
    scenarioRef: 'ref',
    tickIndex,
    simTimeMs: T0 + tickIndex * 1000,
    snapshot: tickIndex === 0,
    removals: [],
    updates,
    stats: { computeMs: 2, linksEvaluated: 4, linksEmitted: 1 },
    ...changes,
  };
}

/** Ticks 0 to n - 1, giving way to others between them. */
export async function* makeTicks(n: number): AsyncGenerator<TickUpdate> {
  for (let k = 0; k < n; k += 1) {
    await new Promise(setImmediate);
    yield makeTick(k);
  }
}

export interface SourceParts {
  readonly ticks: () => AsyncIterable<TickUpdate>;
  readonly events?: () => AsyncIterable<readonly EngineEvent[]>;
  readonly open?: (deps: TickSourceDeps, signal: AbortSignal) => Promise<void>;
  readonly close?: () => Promise<void>;
}

function makeSource(deps: TickSourceDeps, { ticks, events, open, close }: SourceParts): TickSource {
  const info = { engineVersion: '9.9.9', engineGitSha: null, schemaVersion: '1', specSha256: 'ab'.repeat(32), scenarioRef: 'ref', warnings: [] };
  return {
    resolve: () => Promise.reject(new Error('not by a run')),
    open: async (signal): Promise<TickStream> => {
      await open?.(deps, signal);
      return { info, ticks: ticks(), events: events?.() ?? null, ephemeris: null, close: close ?? (async () => {}) };
    },
  };
}

export interface PlanParts {
  readonly root?: string;
  readonly ticks?: number;
  readonly scenario?: object;
  readonly execution?: object;
  readonly time?: object;
  readonly source?: Partial<SourceParts>;
  readonly lanes?: Readonly<Record<string, (deps: LaneDeps) => Partial<LaneAdapter>>>;
  readonly exporters?: Readonly<Record<string, (deps: ExporterDeps) => Partial<Exporter>>>;
  readonly overflow?: 'block' | 'drop-oldest';
  /** By lane. */
  readonly finalizeLimitMs?: Readonly<Record<string, number>>;
}

/** A plan over a source, lanes and exporters made of closures. */
export function makePlan({
  root,
  ticks = 5,
  scenario = {},
  execution = {},
  time = {},
  source = {},
  lanes = {},
  exporters = {},
  overflow,
  finalizeLimitMs = {},
}: PlanParts = {}): RunPlan {
  const artifactsRoot = root ?? temporaryRoot();
  const parsed = scenarioSchema.parse({
    name: 'test',
    seed: 7,
    time: { t0: new Date(T0).toISOString(), t1: new Date(T0 + ticks * 1000).toISOString(), dt: '1s', ...time },
    execution,
    paths: { artifacts_root: artifactsRoot },
    traffic: [{ id: 'f', from: 'a', to: 'b' }],
    ...scenario,
  });
  const config = z.unknown();
  const planned = <Definition>(kind: PluginKind, name: string, definition: Definition): PlannedPlugin<Definition> => ({
    name,
    packageName: `@test/${name}`,
    packageVersion: '1.2.3',
    contribution: { kind, name, summary: 'for a test', determinism: 'exact', pacing: 'any', requires: {} } satisfies Contribution,
    definition,
    config: {},
  });
  const sourceParts: SourceParts = { ticks: () => makeTicks(ticks), ...source };
  return {
    loaded: { file: '/none/test.satsim.yaml', baseDir: '/none', source: 'name: test\n', scenario: parsed, faults: [], warnings: [], locate: () => null },
    scenario: parsed,
    time: { t0Ms: T0, t1Ms: T0 + ticks * 1000, dtMs: 1000, tickCount: ticks },
    source: planned('tick-source', 'memory', defineTickSource({ name: 'memory', config, create: (deps) => makeSource(deps, sourceParts) })),
    lanes: Object.entries(lanes).map(([name, make]) =>
      planned(
        'lane',
        name,
        defineLane({
          name,
          config,
          ...(finalizeLimitMs[name] && { finalizeLimitMs: finalizeLimitMs[name] }),
          create: (deps) => ({ prepare: async () => {}, applyTick: async () => {}, finalize: async () => {}, ...make(deps) }),
        }),
      ),
    ),
    exporters: Object.entries(exporters).map(([name, make]) =>
      planned(
        'exporter',
        name,
        defineExporter({ name, config, ...(overflow ? { overflow } : {}), create: (deps) => ({ open: async () => {}, close: async () => {}, ...make(deps) }) }),
      ),
    ),
    network: { nodes: [], spec: { some: 'spec' }, inputs: [{ path: 'x/sats.tle', sha256: 'cd'.repeat(32), content: Buffer.from('elements') }], warnings: [] },
    warnings: ['a warning of the plan'],
  };
}

export const OPTIONS: RunOptions = {
  startEngine: () => Promise.reject(new Error('no engine in this test')),
  console: null,
  command: ['satsim', 'run'],
  tags: ['t'],
};

export function readManifest(runDir: string): RunManifest {
  return JSON.parse(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')) as RunManifest;
}
export function readSummary(runDir: string): RunSummary {
  return JSON.parse(readFileSync(join(runDir, 'summary.json'), 'utf8')) as RunSummary;
}
export function readLines(runDir: string, path: string): Record<string, unknown>[] {
  const text = readFileSync(join(runDir, path), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export const sample = (lane: string, simTimeMs: number, rttMs: number): FlowSample => ({
  lane,
  flow: 'f',
  simTimeMs,
  rttMs,
  oneWayDelayMs: rttMs / 2,
  lossPct: 0,
  goodputMbps: null,
  hops: 2,
  pathHash: 'p',
});

/** A lane that writes down what is asked of it. */
export function recorder() {
  const log: string[] = [];
  const lane = {
    prepare: async () => void log.push('prepare'),
    applyTick: async ({ tickIndex }: { tickIndex: number }) => void log.push(`tick ${tickIndex}`),
    finalize: async () => void log.push('finalize'),
  };
  return { log, lane };
}

export async function run(parts: PlanParts): Promise<RunResult> {
  return (await createRun(makePlan(parts), OPTIONS)).start();
}

/** What must hold after every run, however it ended. */
export async function expectTruth(result: RunResult): Promise<void> {
  const manifest = readManifest(result.runDir);
  expect(manifest).toMatchObject({
    outcome: result.outcome,
    reason: result.error?.message ?? null,
    ticks: result.ticks,
    traceSha256: result.traceSha256,
    pid: process.pid,
  });
  expect(manifest.endedAt).not.toBeNull();
  expect(readSummary(result.runDir)).toMatchObject(JSON.parse(JSON.stringify(result)) as object);
  expect(result.outcome === 'failed').toBe(result.exitCode !== 0 && result.exitCode !== 130 && result.exitCode !== 4);
  expect(existsSync(join(result.runDir, 'manifests/.reserve'))).toBe(false);
  // Of a run whose files could not be written there are no hashes.
  expect((await changedFiles(result.runDir))?.changed ?? []).toEqual([]);
  if (result.traceSha256 !== null) {
    const { header, ticks } = await readTrace(result.runDir);
    const hash = new TraceHash(header);
    for await (const tick of ticks) hash.add(tick);
    expect(hash.digest()).toBe(result.traceSha256);
  }
}

export const event = (tickIndex: number, seq: number): EngineEvent => ({
  tickIndex,
  simTimeMs: tickIndex,
  seq,
  type: 'link_up',
  linkId: null,
  nodeId: null,
  attributes: {},
});
