export { Coalescer } from './coalesce.js';
export { createRun } from './run.js';
export { handleSignals, type RunSignals } from './signals.js';
export type * from './types.js';
export { loadGivenScenario, loadRecordedScenario } from './recorded-scenario.js';
