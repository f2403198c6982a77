/** What this engine takes on; told by GetCapabilities. */
export const LIMITS = {
  minDtMs: 1,
  maxDtMs: 3_600_000,
  maxNodes: 100_000,
  maxLinksPerTick: 2_000_000,
  maxScenarios: 64,
} as const;
