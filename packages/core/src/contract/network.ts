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

/** What a tick source knows of a scenario before any tick: everything that can be said offline. */
export interface ResolvedNetwork {
  /** Satellites first in the order of the constellation, then ground nodes in the order of the file. Ids are unique. */
  readonly nodes: readonly NetworkNode[];
  /** The source's own specification as plain JSON, for people and for the run directory. */
  readonly spec: unknown;
  readonly inputs: readonly ScenarioInput[];
  readonly warnings: readonly string[];
}
