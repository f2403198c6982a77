export { createRun } from './run.js';
export { handleSignals } from './signals.js';
export type * from './types.js';
