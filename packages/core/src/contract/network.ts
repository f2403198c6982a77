import type { NodeId } from './tick.js';

export type NodeRole = 'satellite' | 'ground_station' | 'user_terminal';

export interface NetworkNode {
  readonly id: NodeId;
  readonly role: NodeRole;
  /** Whether traffic of others may pass through this node. Satellites relay; ground nodes only with `relay: true`. */
  readonly relay: boolean;
}

/** A file that a scenario was built from, as the run manifest records it. */
export interface ScenarioInput {
  /** Path as resolved from the scenario's folder. */
  readonly path: string;
  readonly sha256: string;
  readonly content: Uint8Array;
}

/** Ticks of an earlier run, or of another program, that a run plays again. */
export interface RecordedTicks {
  /** The file, absolute. */
  readonly path: string;
  /** Of its bytes. */
  readonly sha256: string;
  /** The run that recorded it; `null` where that is not known. */
  readonly runId: string | null;
  /** The hash of that run. */
  readonly traceSha256: string | null;
  /** The first tick of the recording that is played: tick 0 of this run. */
  readonly firstTick: number;
}

/** What a tick source knows of a scenario before any tick: everything that can be said offline. */
export interface ResolvedNetwork {
  /** Satellites first in the order of the constellation, then ground nodes in the order of the file. Ids are unique. */
  readonly nodes: readonly NetworkNode[];
  /** The source's own specification as plain JSON, for people and for the run directory. */
  readonly spec: unknown;
  readonly inputs: readonly ScenarioInput[];
  readonly warnings: readonly string[];
  /** Of a source that plays recorded ticks. */
  readonly recording?: RecordedTicks;
}
