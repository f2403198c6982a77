/** What this engine takes on; GetCapabilities tells it. */
export const LIMITS = {
  minDtMs: 1,
  maxDtMs: 3_600_000,
  maxNodes: 100_000,
  maxLinksPerTick: 2_000_000,
  maxScenarios: 64,
  /** Of a server for others, whose clients may die without a word. */
  idleMs: 600_000,
} as const;
