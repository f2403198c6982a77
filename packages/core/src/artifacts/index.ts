export { listRuns, readRun, type RunListing, type RunRecord, type RunStatus } from './read-run.js';
export type { Component, RunManifest } from './run-manifest.js';
export type { RunSummary } from './summary.js';
