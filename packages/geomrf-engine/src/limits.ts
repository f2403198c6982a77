/** What an engine takes on; GetCapabilities tells it. */
export interface Limits {
  readonly minDtMs: number;
  readonly maxDtMs: number;
  readonly maxNodes: number;
  readonly maxLinksPerTick: number;
  readonly maxScenarios: number;
}

export const LIMITS: Limits = { minDtMs: 1, maxDtMs: 3_600_000, maxNodes: 100_000, maxLinksPerTick: 4_000_000, maxScenarios: 64 };

/** Of a server for others, whose clients may die without a word: how long it keeps a scenario that nobody uses. */
export const IDLE_MS = 600_000;
