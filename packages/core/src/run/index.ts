export { Coalescer } from './coalesce.js';
export { createRun } from './run.js';
export { handleSignals, type RunSignals } from './signals.js';
export type * from './types.js';
export { loadRecordedScenario } from './recorded-scenario.js';
