import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ExporterDeps } from '../contract/exporter.js';
import type { FlowSample, TickMetrics } from '../contract/results.js';
import type { EngineEvent, TickUpdate } from '../contract/tick.js';
import { withColumns } from './column-ticks.js';
import { inTime, PATIENCE_MS } from './contract-case.js';
import type { ExporterContractOptions, ExporterSubject } from './exporter-subject.js';
import { FailingArea } from './failing-area.js';
import { TEST_LINKS, TEST_RUN, testTick } from './network.js';
import { testExporterDeps } from './test-deps.js';

const STEPS = [0, 1, 2, 3, 4] as const;

const timeOf = (step: number): number => TEST_RUN.t0Ms + step * TEST_RUN.dtMs;
const tick = (step: number): TickUpdate =>
  testTick(step, { snapshot: step === 0, updates: step === 0 ? TEST_LINKS : [{ ...TEST_LINKS[0]!, oneWayDelayMs: 3.5 + step / 8 }] });
const event = (step: number): EngineEvent => ({
  tickIndex: step,
  simTimeMs: timeOf(step),
  seq: step + 1,
  type: 'link_up',
  linkId: TEST_LINKS[0]!.linkId,
  nodeId: null,
  attributes: { reason: 'kit' },
});
const metrics = (step: number): TickMetrics => ({
  tickIndex: step,
  simTimeMs: timeOf(step),
  computeMs: 1.5,
  translateMs: 0.25,
  linksEmitted: 6 - step,
  driftMs: null,
  applyMs: { flow: 0.5 },
});
const sample = (step: number): FlowSample => ({
  lane: 'kit',
  flow: 'end-to-end',
  simTimeMs: timeOf(step),
  ...(step === 2
    ? { rttMs: null, oneWayDelayMs: null, lossPct: 100, goodputMbps: null, hops: null, pathHash: null }
    : {
        rttMs: 43.5 + step,
        oneWayDelayMs: 21.75,
        lossPct: 4.5,
        goodputMbps: null,
        hops: 3,
        pathHash: '0123456789abcdef',
        path: ['gnd-1', 'sat-1', 'sat-2', 'sat-3'],
      }),
});

/** What the kit gives to an exporter that takes everything; `readBack` is compared with it. */
export const GIVEN = {
  ticks: STEPS.map((step) => tick(step).tickIndex),
  events: STEPS.map((step) => event(step).seq),
  results: STEPS.map((step) => sample(step).simTimeMs),
  metrics: STEPS.map((step) => metrics(step).tickIndex),
};

/** One fresh exporter in a case, and the case's hands on it. */
export interface ExporterBench<Subject extends ExporterSubject> {
  readonly subject: Subject;
  readonly area: FailingArea;
  readonly options: ExporterContractOptions<Subject>;
  open(): Promise<void>;
  /** Each write that the exporter takes part in, as a function of the step, by the method's name. */
  writes(): readonly { readonly method: string; readonly write: (step: number) => Promise<void> }[];
  /** Five steps of everything, one call at a time, in order; ticks with columns, if so said. */
  writeAll(ticks?: 'with columns'): Promise<void>;
  close(): Promise<void>;
  /** The run directory's files. */
  files(): Promise<ReadonlyMap<string, Uint8Array>>;
  another<T>(use: (bench: ExporterBench<Subject>) => Promise<T>): Promise<T>;
}

/** A rule before it meets an exporter. */
export interface ExporterRule<Subject extends ExporterSubject> {
  readonly rule: string;
  /** Abilities of the harness without which it can't be judged. */
  readonly needs: readonly 'readBack'[];
  readonly unless?: (options: ExporterContractOptions<Subject>) => string | null;
  readonly judge: (bench: ExporterBench<Subject>) => Promise<void>;
}

/** Makes a fresh exporter, lets `use` work with it, and cleans up whatever happened. */
export async function withExporter<Subject extends ExporterSubject, T>(
  create: (deps: ExporterDeps) => Subject | Promise<Subject>,
  options: ExporterContractOptions<Subject>,
  use: (bench: ExporterBench<Subject>) => Promise<T>,
): Promise<T> {
  const test = await testExporterDeps();
  const { deps } = test;
  const area = new FailingArea(deps.artifacts);
  try {
    const subject = await create({ ...deps, artifacts: area });
    const { exporter } = subject;
    const writes = [
      ...(exporter.writeTick ? [{ method: 'writeTick', write: (step: number, given = tick(step)) => exporter.writeTick!(given) }] : []),
      ...(exporter.writeEvents ? [{ method: 'writeEvents', write: (step: number) => exporter.writeEvents!([event(step)]) }] : []),
      ...(exporter.writeResults ? [{ method: 'writeResults', write: (step: number) => exporter.writeResults!([sample(step)]) }] : []),
      ...(exporter.writeMetrics ? [{ method: 'writeMetrics', write: (step: number) => exporter.writeMetrics!(metrics(step)) }] : []),
    ].map(({ method, write }) => ({ method, write: (step: number, given?: TickUpdate) => inTime(write(step, given), PATIENCE_MS, method) }));
    const bench: ExporterBench<Subject> = {
      subject,
      area,
      options,
      open: () => inTime(exporter.open(), PATIENCE_MS, 'open'),
      writes: () => writes,
      async writeAll(ticks) {
        const packed = ticks === 'with columns' ? withColumns(STEPS.map(tick)) : null;
        for (const step of STEPS) for (const { write } of writes) await write(step, packed?.[step]);
      },
      close: () => inTime(exporter.close('completed'), PATIENCE_MS, 'close'),
      files: () => readFolder(deps.artifacts.dir),
      another: (useOther) => withExporter(create, options, useOther),
    };
    try {
      return await use(bench);
    } finally {
      await inTime((async () => exporter.close('failed'))(), PATIENCE_MS, 'close').catch(() => {});
    }
  } finally {
    await test.dispose();
  }
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.sort().map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path)] as const)));
}
