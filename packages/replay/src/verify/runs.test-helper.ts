import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunManifest, type RunRecord, type TickUpdate, type TraceHeader, TraceHash, TraceText } from '@satsim/core';
import { onTestFinished } from 'vitest';

export const HEADER: TraceHeader = { seed: 0, t0: 0, dt: 1_000, specSha256: '', engineVersion: 'test' };

/** A tick with one link, of which the delay tells ticks apart. */
export function tick(tickIndex: number, oneWayDelayMs = tickIndex): TickUpdate {
  return {
    runId: 'r',
    scenarioRef: 's',
    tickIndex,
    simTimeMs: tickIndex * HEADER.dt,
    snapshot: tickIndex === 0,
    removals: [],
    updates: [{ linkId: 'isl:a>b', source: 'a', target: 'b', kind: 'isl', up: true, oneWayDelayMs, capacityMbps: 1, lossPct: 0 }],
    stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 1 },
  };
}

export const ticks = (count: number): TickUpdate[] => Array.from({ length: count }, (_, k) => tick(k));

export async function* stream(some: readonly TickUpdate[]): AsyncGenerator<TickUpdate> {
  yield* some;
}

export interface Left {
  readonly ticks: readonly TickUpdate[];
  /** Bytes that are missing at the end of the trace. */
  readonly cut?: number;
  readonly manifest?: Partial<RunManifest>;
  readonly status?: RunRecord['status'];
}

/** What is left of a run, as far as verifying looks at it. */
export async function leftOf(runId: string, { ticks: some, cut = 0, manifest = {}, status = 'completed' }: Left): Promise<RunRecord> {
  const runDir = await mkdtemp(join(tmpdir(), 'satsim-verify-'));
  onTestFinished(() => rm(runDir, { recursive: true }));
  const [text, hash] = [new TraceText(HEADER), new TraceHash(HEADER)];
  for (const one of some) {
    text.add(one);
    hash.add(one);
  }
  await mkdir(join(runDir, 'traces'));
  const written = text.toString();
  await writeFile(join(runDir, 'traces/ticks.jsonl'), written.slice(0, written.length - cut));
  const { seed, dt, t0, specSha256, engineVersion } = HEADER;
  const ended = status === 'completed';
  const whole = {
    runId,
    seed,
    dtMs: dt,
    t0: new Date(t0).toISOString(),
    tickCount: some.length,
    traceRecorded: true,
    components: [],
    engine: {
      engineVersion,
      specSha256,
      engineGitSha: null,
      schemaVersion: '',
      scenarioRef: 's',
    },
    outcome: ended ? 'completed' : null,
    ticks: ended ? some.length : 0,
    traceSha256: ended ? hash.digest() : null,
    ...manifest,
  } as unknown as RunManifest;
  return { runId, runDir, status, name: 'test', tags: [], startedAt: '', endedAt: null, ticks: 0, reason: null, problems: [], manifest: whole, summary: null };
}
