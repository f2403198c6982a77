export { type ChangedFile, changedFiles } from './file-hashes.js';
export { openArtifactArea } from './artifact-store.js';
export { isProcessAlive, processStart } from './process-start.js';
export { listRuns, readRun, readRunDir, type RunListing, type RunRecord, type RunStatus } from './read-run.js';
export type { Component, RunManifest } from './run-manifest.js';
export { FILE_HASHES_PATH, NETWORK_PATH } from './run-paths.js';
export type { RunSummary } from './summary.js';
export * from './trace/index.js';
