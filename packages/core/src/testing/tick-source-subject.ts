import type { Scenario } from '../contract/scenario.js';
import type { TickSource } from '../contract/tick-source.js';

/** A tick source and what its harness keeps with it. */
export interface TickSourceSubject {
  readonly source: TickSource;
}

export interface TickSourceContractOptions<Subject extends TickSourceSubject> {
  /** As in the manifest; `exact` by default. */
  readonly determinism?: 'exact' | 'statistical';
  /** What the source is to play: short, and with events in it. By default a small constellation over one ground station, 20 ticks. */
  readonly scenario?: Scenario;
  /** Folder that relative paths of that scenario start from; by default an empty one. */
  readonly baseDir?: string;
  /** The engine that a run offers, for a source that asks for one; started at most once in each case. */
  readonly startEngine?: (signal: AbortSignal) => Promise<{ readonly target: string; stop(): Promise<void> }>;
  /** What the source does not have, and why: the rules about it are skipped with this reason. */
  readonly without?: { readonly events?: string; readonly ephemeris?: string };
  /** What the source has opened and is still there (connections, references on the engine's side, files). */
  readonly leftovers?: (subject: Subject) => readonly string[] | Promise<readonly string[]>;
  /** Milliseconds for an abort and for each close; 1,000 by default. Shorter only to test the kit. */
  readonly limitMs?: number;
}
