/** A program, library or kernel that a lane's results depend on. */
export interface SoftwareUsed {
  /** As its makers call it: `ns-3`, `Open vSwitch`, `Linux`. */
  readonly name: string;
  /** As it tells it itself; `null` when it does not. */
  readonly version: string | null;
  /** What else tells it from others of its version: build, edition, compiler. */
  readonly details?: Readonly<Record<string, string>>;
}

/** How a lane came to its results. */
export interface LaneProvenance {
  readonly software: readonly SoftwareUsed[];
  /** What else tells two results apart, or can be checked: the key of a build, a simulation's fingerprint, what was recorded. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
