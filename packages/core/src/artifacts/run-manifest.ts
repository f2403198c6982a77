import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunOutcome } from '../contract/exporter.js';
import type { LaneProvenance } from '../contract/provenance.js';
import type { RecordedTicks, ScenarioInput } from '../contract/network.js';
import type { TickStreamInfo } from '../contract/tick-source.js';
import type { RunOptions, RunPlan } from '../run/types.js';
import { formatScenario } from '../scenario/normalise.js';
import type { ArtifactStore } from './artifact-store.js';
import { gitSha } from './git-sha.js';
import { processStart } from './process-start.js';
import { mergeProvenance } from './provenance.js';
import { MANIFEST_PATH, NETWORK_PATH } from './run-paths.js';

const RESERVE_PATH = 'manifests/.reserve';
const RESERVE_BYTES = 32 * 1024;

export interface Component {
  readonly name: string;
  readonly version: string;
  /** `null` for installed packages: the version says it. */
  readonly gitSha: string | null;
}

/** The run manifest: what ran, of what, where, and how it ended. */
export interface RunManifest {
  readonly manifest: 1;
  readonly runId: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly command: readonly string[];
  /** Process that runs it. With `outcome: null` and this process gone, the run crashed. */
  readonly pid: number;
  /** Tells that process from a later one with the same id; `null` where the system does not say. */
  readonly processStart: string | null;
  /** `null` while it runs. */
  readonly outcome: RunOutcome | null;
  /** Why it failed, or was not completed. */
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly seed: number;
  readonly mode: 'offline' | 'realtime';
  readonly t0: string;
  /** Exclusive. */
  readonly t1: string;
  readonly dtMs: number;
  readonly tickCount: number;
  /** Ticks that were delivered. */
  readonly ticks: number;
  readonly traceSha256: string | null;
  readonly traceRecorded: boolean;
  readonly scenario: { readonly file: string; readonly sha256: string };
  /** Files that were read: those that the scenario names, and those that it includes. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly copy: string }[];
  readonly source: string;
  /** Of a run that replays recorded ticks: which; not there in runs of core 1.0. */
  readonly recording?: RecordedTicks | null;
  readonly lanes: readonly string[];
  /** Those of the lanes of which two runs differ. */
  readonly statisticalLanes: readonly string[];
  readonly exporters: readonly string[];
  readonly components: readonly Component[];
  /** What lanes told of how they came to their results, by lane; absent in runs of core 1.0. */
  readonly provenance?: Readonly<Record<string, LaneProvenance>>;
  readonly engine: Omit<TickStreamInfo, 'warnings'> | null;
  readonly host: {
    readonly platform: string;
    readonly release: string;
    readonly arch: string;
    readonly node: string;
    readonly cpus: number;
    readonly cpuModel: string;
    readonly memoryBytes: number;
  };
}

/** Keeps `manifests/` of one run: the inputs as they were, and a run.json that is true at any moment. */
export class ManifestFile {
  readonly #store: ArtifactStore;
  #manifest: RunManifest;
  /** The file has an outcome. */
  #concluded = false;

  private constructor(store: ArtifactStore, manifest: RunManifest) {
    this.#store = store;
    this.#manifest = manifest;
  }

  /** @throws SatsimError ARTIFACTS */
  static async create(store: ArtifactStore, runId: string, plan: RunPlan, options: Pick<RunOptions, 'tags' | 'command'>): Promise<ManifestFile> {
    // Space that is given back at the end, so that a run that filled the disk can still say so.
    await store.writeFile(RESERVE_PATH, Buffer.alloc(RESERVE_BYTES, ' '));
    await store.writeFile('manifests/scenario.yaml', plan.loaded.source);
    await store.writeFile('manifests/scenario.normalized.json', formatScenario(plan.scenario));
    await store.writeFile('manifests/spec.json', json(plan.network.spec));
    await store.writeFile(NETWORK_PATH, json({ nodes: plan.network.nodes }));
    const inputs: RunManifest['inputs'][number][] = [];
    const keep = async (folder: string, { path, sha256, content }: ScenarioInput): Promise<void> => {
      const copy = `manifests/${folder}/${sha256}-${basename(path).replaceAll(':', '-')}`;
      await store.writeFile(copy, content);
      inputs.push({ path, sha256, copy });
    };
    for (const input of plan.network.inputs) await keep('elements', input);
    for (const input of plan.loaded.included ?? []) await keep('included', input);
    const file = new ManifestFile(store, initial(runId, plan, options, inputs));
    await file.#write();
    return file;
  }

  get current(): RunManifest {
    return this.#manifest;
  }

  /** @throws SatsimError ARTIFACTS */
  async update(changes: Partial<RunManifest>): Promise<void> {
    this.#manifest = { ...this.#manifest, ...changes };
    await this.#write();
  }

  /**
   * Takes what a lane tells of its results; it is in the file when that is written next.
   * @throws LaneError when it can't be taken
   */
  addProvenance(lane: string, told: Partial<LaneProvenance>): void {
    const { provenance = {} } = this.#manifest;
    this.#manifest = { ...this.#manifest, provenance: { ...provenance, [lane]: mergeProvenance(lane, provenance[lane], told) } };
  }

  /**
   * The last update: writes what belongs before it, which is given the text that the file will have.
   * @throws SatsimError ARTIFACTS
   */
  async conclude(changes: Partial<RunManifest>, before: (content: string) => Promise<void>): Promise<void> {
    this.#manifest = { ...this.#manifest, ...changes };
    await before(json(this.#manifest));
    await this.#write();
  }

  /** Gives the reserved space back; before the last files are written. */
  async releaseReserve(): Promise<void> {
    await this.#store.remove(RESERVE_PATH);
  }

  /** Whether the file tells how the run ended. */
  get concluded(): boolean {
    return this.#concluded;
  }

  /** For a process that is about to exit: without waiting. Gives the reserved space back as well. */
  updateNow(changes: Partial<RunManifest>): void {
    this.#manifest = { ...this.#manifest, ...changes };
    rmSync(this.#store.path(RESERVE_PATH), { force: true });
    this.#store.writeFileNow(MANIFEST_PATH, json(this.#manifest));
    this.#concluded = this.#manifest.outcome !== null;
  }

  async #write(): Promise<void> {
    const manifest = this.#manifest;
    await this.#store.writeFile(MANIFEST_PATH, json(manifest));
    this.#concluded = manifest.outcome !== null;
  }
}

function initial(runId: string, plan: RunPlan, options: Pick<RunOptions, 'tags' | 'command'>, inputs: RunManifest['inputs']): RunManifest {
  const { scenario, time, source, lanes, exporters, loaded } = plan;
  const processors = cpus();
  return {
    manifest: 1,
    runId,
    name: scenario.name,
    tags: options.tags ?? [],
    command: options.command ?? [],
    pid: process.pid,
    processStart: processStart(process.pid),
    outcome: null,
    reason: null,
    startedAt: new Date().toISOString(),
    endedAt: null,
    seed: scenario.seed,
    mode: scenario.time.mode,
    t0: new Date(time.t0Ms).toISOString(),
    t1: new Date(time.t1Ms).toISOString(),
    dtMs: time.dtMs,
    tickCount: time.tickCount,
    ticks: 0,
    traceSha256: null,
    traceRecorded: scenario.execution.record_trace,
    scenario: { file: loaded.file, sha256: createHash('sha256').update(loaded.source).digest('hex') },
    inputs,
    source: source.name,
    recording: plan.network.recording ?? null,
    lanes: lanes.map(({ name }) => name),
    statisticalLanes: lanes.filter(({ contribution }) => contribution.determinism === 'statistical').map(({ name }) => name),
    exporters: exporters.map(({ name }) => name),
    components: components(plan),
    provenance: {},
    engine: null,
    host: {
      platform: platform(),
      release: release(),
      arch: arch(),
      node: process.versions.node,
      cpus: processors.length,
      cpuModel: processors[0]?.model ?? 'unknown',
      memoryBytes: totalmem(),
    },
  };
}

/** Core first, then the packages of the plugins, each once. */
function components({ source, lanes, exporters }: RunPlan): readonly Component[] {
  const coreDir = fileURLToPath(new URL('../..', import.meta.url));
  const core = JSON.parse(readFileSync(join(coreDir, 'package.json'), 'utf8')) as { name: string; version: string };
  const all = new Map<string, Component>([[core.name, { name: core.name, version: core.version, gitSha: gitSha(coreDir) }]]);
  for (const { packageName, packageVersion, packageDir } of [source, ...lanes, ...exporters]) {
    if (all.has(packageName)) continue;
    all.set(packageName, { name: packageName, version: packageVersion, gitSha: packageDir === undefined ? null : gitSha(packageDir) });
  }
  return [...all.values()];
}

function json(value: unknown): string {
  return `${JSON.stringify(value ?? null, null, 2)}\n`;
}
