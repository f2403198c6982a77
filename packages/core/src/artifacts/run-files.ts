import { z } from 'zod';

/**
 * What readers rely on in the files of a run: anybody may have changed them, or another version of satsim may have
 * written them. Keys that are not named here are let through.
 */
const OUTCOME = z.enum(['completed', 'stopped', 'interrupted', 'failed']);
const names = z.array(z.string());

const provenance = z.looseObject({
  software: z.array(z.looseObject({ name: z.string(), version: z.string().nullable(), details: z.record(z.string(), z.string()).optional() })),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const manifestFile = z.looseObject({
  manifest: z.literal(1),
  runId: z.string(),
  name: z.string(),
  tags: names,
  command: names.optional(),
  pid: z.int().positive(),
  processStart: z.string().nullish(),
  outcome: OUTCOME.nullable(),
  reason: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  seed: z.number(),
  mode: z.enum(['offline', 'realtime']),
  t0: z.string(),
  t1: z.string(),
  dtMs: z.number(),
  tickCount: z.number().optional(),
  ticks: z.number(),
  traceSha256: z.string().nullable(),
  traceRecorded: z.boolean().optional(),
  scenario: z.looseObject({ file: z.string() }),
  inputs: z.array(z.looseObject({ path: z.string(), sha256: z.string(), copy: z.string() })).optional(),
  source: z.string().optional(),
  recording: z.looseObject({ path: z.string(), sha256: z.string(), runId: z.string().nullable(), firstTick: z.number() }).nullish(),
  lanes: names,
  statisticalLanes: names.optional(),
  exporters: names,
  components: z.array(z.looseObject({ name: z.string(), version: z.string(), gitSha: z.string().nullable() })).optional(),
  engine: z.looseObject({ engineVersion: z.string() }).nullable(),
  provenance: z.record(z.string(), provenance).optional(),
  host: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

const unknown = 'unknown';

/**
 * What stands for keys that a manifest does not have, as where its text is damaged: nothing. Readers may so rely on them, and
 * the rest of the run can still be looked at; that the file has changed is told by its hash.
 */
export const NOT_IN_MANIFEST = {
  command: [],
  inputs: [],
  components: [],
  host: { platform: unknown, release: unknown, arch: unknown, node: unknown, cpus: 0, cpuModel: unknown, memoryBytes: 0 },
} as const;

const distribution = z.looseObject({ min: z.number(), median: z.number(), p99: z.number(), max: z.number() }).nullable();

/** Figures that runs of core 1.0 did not have may be missing. */
const flow = z.looseObject({
  id: z.string(),
  lane: z.string(),
  rttMs: distribution,
  oneWayDelayMs: distribution.optional(),
  lossPct: distribution.optional(),
  goodputMbps: distribution.optional(),
  availability: z.number().nullable(),
  pathChanges: z.number().nullable(),
  handovers: z.number().nullable(),
  outages: z.number(),
  longestOutageS: z.number(),
  mainPath: z.looseObject({ nodes: names, share: z.number() }).nullable(),
});

const side = z.looseObject({
  runId: z.string(),
  lane: z.string(),
  n: z.number(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  p99: z.number().nullable(),
});
const comparison = z.looseObject({
  flow: z.string(),
  quantity: z.string(),
  reference: side,
  other: side,
  pairs: z.number(),
  handovers: z.number(),
  difference: z.number().nullable(),
  differencePct: z.number().nullable(),
  outside: z.number().nullable(),
  tolerance: z.string(),
  verdict: z.string().nullable(),
});

export const summaryFile = z.looseObject({
  runId: z.string(),
  outcome: OUTCOME,
  ticks: z.number(),
  traceSha256: z.string().nullable(),
  lanes: z.array(z.looseObject({ name: z.string(), ticks: z.number(), error: z.string().nullable() })),
  exporters: z.array(z.looseObject({ name: z.string(), dropped: z.number(), error: z.string().nullable() })),
  flows: z.array(flow),
  comparison: z.array(comparison).nullish(),
  assertions: z.array(
    z.looseObject({
      flow: z.string(),
      lane: z.string(),
      quantity: z.string(),
      op: z.string(),
      value: z.number(),
      actual: z.number().nullable(),
      ok: z.boolean(),
    }),
  ),
});
