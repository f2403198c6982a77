import type { RunOutcome } from '../contract/exporter.js';
import type { LaneFigures } from '../contract/lane.js';
import type { ResolvedNetwork } from '../contract/network.js';
import type { Contribution, ExporterDefinition, LaneDefinition, TickSourceDefinition } from '../contract/plugin.js';
import type { Scenario } from '../contract/scenario.js';
import type { NodeId } from '../contract/tick.js';
import type { FlowComparison } from '../compare/compare-series.js';
import type { LoadedScenario, Timebase } from '../scenario/types.js';

/** A plugin that a run names: found, checked, imported, its part of the scenario parsed by its own schema. */
export interface PlannedPlugin<Definition> {
  readonly name: string;
  readonly packageName: string;
  readonly packageVersion: string;
  /** Folder of the package, for the git SHA in the run manifest. */
  readonly packageDir?: string;
  readonly contribution: Contribution;
  readonly definition: Definition;
  readonly config: unknown;
}

/** Everything that is known before a run starts; making one has no side effect. */
export interface RunPlan {
  readonly loaded: LoadedScenario;
  readonly scenario: Scenario;
  readonly time: Timebase;
  readonly source: PlannedPlugin<TickSourceDefinition>;
  readonly lanes: readonly PlannedPlugin<LaneDefinition>[];
  readonly exporters: readonly PlannedPlugin<ExporterDefinition>[];
  readonly network: ResolvedNetwork;
  readonly warnings: readonly string[];
}

export type RunState = 'created' | 'preparing' | 'running' | 'paused' | 'draining' | 'finalizing' | 'finished';
export type LaneState = 'preparing' | 'ready' | 'running' | 'error' | 'stopped';

export interface LaneSummary {
  readonly name: string;
  readonly state: LaneState;
  readonly ticks: number;
  readonly error: string | null;
  /** What the lane has counted, at its end; not there for one that counts nothing. */
  readonly figures?: LaneFigures;
}

export interface ExporterSummary {
  readonly name: string;
  readonly ticks: number;
  /** Ticks lost because the exporter was slower than the run and chose to lose them. */
  readonly dropped: number;
  readonly error: string | null;
}

/** Figures of what was measured at every sample. */
export interface Distribution {
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Figures of one flow in one lane over the whole run; `null` where no sample had the quantity. */
export interface FlowSummary {
  readonly id: string;
  readonly lane: string;
  readonly rttMs: Distribution | null;
  readonly oneWayDelayMs: Distribution | null;
  readonly lossPct: Distribution | null;
  readonly goodputMbps: Distribution | null;
  /** Share of samples without outage, 0 to 1. */
  readonly availability: number | null;
  /** Changes from one known path to the next, also across an outage; `null` when no sample had a path. */
  readonly pathChanges: number | null;
  /** Those of them that change the satellite at either end; `null` when no sample named its path. */
  readonly handovers: number | null;
  /** Times without any way, each of one or more samples in a row. */
  readonly outages: number;
  /** Simulated seconds from the first sample of the longest outage to the next sample with a way, or to the last sample. */
  readonly longestOutageS: number;
  /** The path that the most samples took, the first of several; `null` when no sample named its path. */
  readonly mainPath: { readonly nodes: readonly NodeId[]; /** Of all samples, 0 to 1. */ readonly share: number } | null;
  readonly samples: number;
}

/** How a run kept up with the clock. */
export interface RunPace {
  /** Ticks that were not in force in every lane when the next one was due; tick 0, with which time begins, is none. */
  readonly lateTicks: number;
  /** By how much the latest of them was, milliseconds; 0 without any. */
  readonly latestMs: number;
  /** Ticks that no lane got by themselves, as they were over already: their changes came with the next (`execution.on_late_tick: skip`). */
  readonly skippedTicks: number;
}

export interface AssertionResult {
  readonly flow: string;
  readonly lane: string;
  readonly quantity: string;
  readonly op: string;
  readonly value: number;
  readonly actual: number | null;
  readonly ok: boolean;
}

/** What `run --format json` prints and `summary.json` holds (with more beside). */
export interface RunResult {
  readonly runId: string;
  /** Absolute. */
  readonly runDir: string;
  readonly outcome: RunOutcome;
  readonly ticks: number;
  /** `null` for a run without a clock, or that had no tick; not there in runs of before. */
  readonly pace?: RunPace | null;
  /** `null` when the trace is incomplete. */
  readonly traceSha256: string | null;
  readonly lanes: readonly LaneSummary[];
  readonly exporters: readonly ExporterSummary[];
  readonly flows: readonly FlowSummary[];
  /** How the lanes agree, by the usual tolerances; `null` with a single lane. */
  readonly comparison: readonly FlowComparison[] | null;
  readonly assertions: readonly AssertionResult[];
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
  readonly exitCode: number;
}

export interface RunProgress {
  readonly state: RunState;
  readonly ticks: number;
  readonly tickCount: number;
  readonly simTimeMs: number;
  /** Simulated seconds per wall-clock second since the first tick. */
  readonly speedUp: number;
  readonly driftMs: number | null;
  readonly lanes: readonly LaneSummary[];
}

export interface EmbeddedEngine {
  /** gRPC target */
  readonly target: string;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly tags?: readonly string[];
  /** The command line, for the manifest. */
  readonly command?: readonly string[];
  /** The field or option that decides where the run directory is, for errors that say what to do; by default the scenario's. */
  readonly chosenBy?: string;
  /** Starts the embedded engine; called only when a tick source asks for it. */
  readonly startEngine: (signal: AbortSignal) => Promise<EmbeddedEngine>;
  /** In real time: simulated seconds in a second, 1 by default. */
  readonly speed?: number;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Where people see the log; `null` for nowhere. The file `logs/run.jsonl` is written in any case. */
  readonly console?: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly stream: NodeJS.WritableStream } | null;
}

/** One run, from start to summary. Made by `createRun(plan, options)`. */
export interface Run {
  readonly runId: string;
  readonly runDir: string;
  readonly state: RunState;
  /** Runs to the end; never rejects once the run directory exists: the result says what happened. */
  start(): Promise<RunResult>;
  /** Stops the delivery of ticks; resolves when no lane has one in hand. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends the run in order; queued ticks are still applied when `execution.drain_on_stop`. */
  stop(outcome?: 'stopped' | 'interrupted'): void;
  /** Ends at once: aborts what is being done, finalizes lanes, still leaves a true manifest. */
  abort(): void;
  /**
   * The last resort, for a process that is about to exit: kills child processes and writes manifest and summary, without waiting
   * for anything. Does nothing to a run that is over.
   */
  terminate(reason: string): void;
}
