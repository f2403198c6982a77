import type { NetworkNode } from './network.js';
import type { LaneProvenance } from './provenance.js';
import type { ResultsSink } from './results.js';
import type { Scenario } from './scenario.js';
import type { ArtifactArea, Logger, ProcessRunner, RunInfo } from './services.js';
import type { FieldPath } from './tick-source.js';
import type { NodeId, TickUpdate } from './tick.js';

/**
 * Turns ticks into something: an emulated network, a simulation, an analysis. A lane writes these functions and nothing
 * else: state, order, timing and abort belong to the runner.
 */
export interface LaneAdapter {
  /** Called once, before any tick. Builds everything, or throws and leaves nothing behind. */
  prepare(signal: AbortSignal): Promise<void>;
  /**
   * Called once a tick, in order, never twice at a time. Resolves when the tick is really in force; the tick must not
   * be changed. Rejects within 1 s of the signal's abort.
   */
  applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void>;
  /**
   * Called once after the last tick of a run that was neither stopped nor failed, for what needs all ticks: a simulator that
   * plays what was recorded. It takes the time that it needs, and may report samples. Rejects within 1 s of the signal's abort.
   */
  complete?(signal: AbortSignal): Promise<void>;
  /** Called at the end whatever happened: safe before `prepare`, after a failure, and twice. */
  finalize(): Promise<void>;
  health?(): Promise<LaneHealth>;
  /** What the lane has counted, for the summary of the run; asked once, after `finalize`. Looks at nothing but its own memory. */
  figures?(): LaneFigures;
}

/** Each by its name with its unit, such as `readBackInterfaces` or `applyMedianMs`; for people, and for JSON. */
export type LaneFigures = Readonly<Record<string, number | string>>;

export interface LaneHealth {
  readonly ok: boolean;
  readonly detail: string;
}

export interface LaneDeps<Config = unknown> {
  /** The lane's own block of the scenario, parsed by the lane's schema. */
  readonly config: Config;
  readonly run: RunInfo;
  readonly scenario: Scenario;
  readonly nodes: readonly NetworkNode[];
  /** Absolute: the folder that relative paths of the scenario start from. */
  readonly baseDir: string;
  readonly logger: Logger;
  readonly artifacts: ArtifactArea;
  readonly processes: ProcessRunner;
  readonly results: ResultsSink;
  /**
   * Says what the lane's results come from; at any time before `finalize` is done, best in `prepare`. It stands in the run manifest
   * (`provenance`, by lane). Told again it is added to what was told before: of software with the same name, and of facts with
   * the same key, the last counts.
   * @throws LaneError when it is no {@link LaneProvenance}, or more than a manifest should hold: 100 items, texts of 1,000 characters
   */
  readonly report: (provenance: Partial<LaneProvenance>) => void;
}

/** Something that a lane needs of the machine and does not find. */
export interface LaneNeed {
  /** For example `the kernel's netem`. */
  readonly what: string;
  /** The command that puts it right; `null` when there is none. */
  readonly install: string | null;
}

/** What a lane can't do, or does in another way, of what a scenario asks for; told before a run starts. */
export interface LaneRemark {
  /** A fault keeps the run from starting; a warning is told once. */
  readonly level: 'fault' | 'warning';
  /** The field of the scenario. */
  readonly path: FieldPath;
  /** Goes on after the field's name and `in lane foo` (which a field of the lane's own block does without): `has no effect: there are no queues`. */
  readonly message: string;
  readonly hint?: string;
}

/** What a lane's configuration is held against before a run. */
export interface LanePlace {
  readonly scenario: Scenario;
  readonly nodes: readonly NetworkNode[];
  /** Absolute: the folder that relative paths of the scenario start from. */
  readonly baseDir: string;
}

/** What one dead run of a lane has left, by what the run wrote down before it made it. */
export interface LaneRemains {
  readonly runId: string;
  /** One line for each thing: `interface k3f91-1`, `process 4711: iperf3 on oslo`. */
  readonly things: readonly string[];
  /** Removes these and nothing else. @returns those that are still there */
  remove(): Promise<readonly string[]>;
}

export interface CapturePlace {
  /** The lane's folder in the run directory. */
  readonly laneDir: string;
  readonly node: NodeId;
  /** The node at the other end of the link, or the interface's own name. */
  readonly interface: string;
}

/** A program that writes packets to stdout as pcap until it is ended. */
export interface CaptureCommand {
  readonly command: string;
  readonly args: readonly string[];
}
