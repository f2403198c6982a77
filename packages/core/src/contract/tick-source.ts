import type { ResolvedNetwork, ScenarioInput } from './network.js';
import type { Scenario } from './scenario.js';
import type { Logger, RunInfo } from './services.js';
import type { EngineEvent, NodeId, TickUpdate, UnixMs } from './tick.js';

/** Where ticks come from: the Geo/RF engine, a recording, an engine of somebody else. */
export interface TickSource {
  /**
   * Everything that can be known without an engine; no side effect but reading files.
   * @throws ScenarioError with all faults at once
   */
  resolve(signal: AbortSignal): Promise<ResolvedNetwork>;
  /** Connects and opens the stream. What it opened is released by {@link TickStream.close}, or by itself when it throws. */
  open(signal: AbortSignal): Promise<TickStream>;
}

export interface TickStreamInfo {
  readonly engineVersion: string;
  readonly engineGitSha: string | null;
  readonly schemaVersion: string;
  readonly specSha256: string;
  readonly scenarioRef: string;
  readonly warnings: readonly string[];
}

export interface TickStream {
  readonly info: TickStreamInfo;
  /**
   * Ticks 0, 1, 2 … without gap or repetition, the first a snapshot. May be iterated once. The source computes ahead
   * only as far as its own flow control lets it: a reader that stops reading stops the producer.
   */
  readonly ticks: AsyncIterable<TickUpdate>;
  /**
   * In the order of `seq`; `null` where the source has none that are aligned to ticks. May be iterated once. They may come with the
   * ticks: then they come only while ticks are read, and the next tick may wait until those of earlier ticks are read. Best asked for
   * before the first tick: afterwards the source may have to compute all again.
   */
  readonly events: AsyncIterable<readonly EngineEvent[]> | null;
  /** `null` where the source can't tell positions. */
  readonly ephemeris: ((timeMs: UnixMs, frame?: 'ecef' | 'teme') => Promise<Ephemeris>) | null;
  /** Releases everything, also on the engine's side. Safe at any time, and twice. */
  close(): Promise<void>;
}

/** Positions and velocities at one instant. */
export interface Ephemeris {
  readonly timeMs: UnixMs;
  readonly frame: 'ecef' | 'teme';
  readonly states: readonly NodeState[];
  /** Nodes that have no position at this instant, and why (for example a decayed satellite). */
  readonly failures: readonly { readonly id: NodeId; readonly reason: string }[];
}

export interface NodeState {
  readonly id: NodeId;
  readonly positionKm: readonly [x: number, y: number, z: number];
  readonly velocityKmS: readonly [x: number, y: number, z: number];
}

/** Gives the run its engine: the embedded one, started on first use and stopped by the run. */
export interface EngineHost {
  /** @returns the gRPC target, for example `unix:/run/…/engine.sock` */
  start(signal: AbortSignal): Promise<string>;
}

export interface TickSourceDeps<Config = unknown> {
  readonly config: Config;
  readonly run: RunInfo;
  readonly scenario: Scenario;
  /** Folder that relative paths of the scenario start from. */
  readonly baseDir: string;
  /**
   * Files that were read already: for each path what it held then counts, whatever is there by now. Of a run these are the inputs that
   * {@link TickSource.resolve} gave when it was planned; none, or not there, before that.
   */
  readonly inputs?: readonly ScenarioInput[];
  /** Tells the file, line and column of a field, for faults. */
  readonly locate: FieldLocator;
  readonly logger: Logger;
  readonly engine: EngineHost;
}

export type FieldPath = readonly (string | number)[];
export type FieldLocator = (path: FieldPath) => { readonly file: string; readonly line: number; readonly column: number } | null;
