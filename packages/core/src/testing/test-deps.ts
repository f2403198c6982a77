import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ExporterDeps } from '../contract/exporter.js';
import { mergeProvenance } from '../artifacts/provenance.js';
import type { LaneDeps } from '../contract/lane.js';
import type { LaneProvenance } from '../contract/provenance.js';
import type { FlowSample } from '../contract/results.js';
import type { Logger } from '../contract/services.js';
import { RunProcesses } from '../process/process-runner.js';
import { testEphemeris } from './ephemeris.js';
import { TEST_NODES, TEST_RUN, TEST_SCENARIO } from './network.js';

export interface LogLine {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly message: string;
}

/** A logger that only remembers. */
export function memoryLogger(lines: LogLine[]): Logger {
  const at = (level: keyof Logger) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export interface TestLaneDeps {
  /** With a real artifact folder and real processes; `config` is `{}`: give the lane its own. */
  readonly deps: LaneDeps;
  /** What the lane reported. */
  readonly samples: readonly FlowSample[];
  readonly logs: readonly LogLine[];
  /** What the lane told of how it came to its results. */
  readonly provenance: LaneProvenance;
  /** Ends processes and removes the folder; tells which processes still ran. Safe to call twice. */
  dispose(): Promise<{ readonly processIds: readonly number[] }>;
}

/** Everything that a lane gets in a run, over the kit's network, in a temporary folder. */
export async function testLaneDeps(): Promise<TestLaneDeps> {
  const { store, remove } = await temporaryStore();
  const samples: FlowSample[] = [];
  const logs: LogLine[] = [];
  const processes = new RunProcesses();
  let provenance: LaneProvenance = { software: [], facts: {} };
  const deps: LaneDeps = {
    config: {},
    run: TEST_RUN,
    scenario: TEST_SCENARIO,
    nodes: TEST_NODES,
    baseDir: store.dir,
    logger: memoryLogger(logs),
    artifacts: await store.area('lanes/under-test'),
    processes,
    results: { write: (sample) => void samples.push(sample), flush: async () => {} },
    report: (told) => void (provenance = mergeProvenance('under-test', provenance, told)),
  };
  return {
    deps,
    samples,
    logs,
    get provenance() {
      return provenance;
    },
    async dispose() {
      const processIds = await processes.close();
      await remove();
      return { processIds };
    },
  };
}

export interface TestExporterDeps {
  /** With a real run directory; `config` is `{}`: give the exporter its own. Positions are those of {@link testEphemeris}. */
  readonly deps: ExporterDeps;
  readonly logs: readonly LogLine[];
  /** Removes the folder. Safe to call twice. */
  dispose(): Promise<void>;
}

/** Everything that an exporter gets in a run, over the kit's network, in a temporary folder. */
export async function testExporterDeps(): Promise<TestExporterDeps> {
  const { store, remove } = await temporaryStore();
  const logs: LogLine[] = [];
  const deps: ExporterDeps = {
    config: {},
    run: TEST_RUN,
    scenario: TEST_SCENARIO,
    nodes: TEST_NODES,
    logger: memoryLogger(logs),
    artifacts: store,
    ephemeris: testEphemeris,
  };
  return { deps, logs, dispose: remove };
}

async function temporaryStore(): Promise<{ store: ArtifactStore; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'satsim-kit-'));
  return { store: await ArtifactStore.createRun(root, TEST_RUN.runId), remove: () => rm(root, { recursive: true, force: true }) };
}
