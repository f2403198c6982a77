// What reads and keeps runs that are there, without what makes them: quick to load.
export { artifactError, unreadable } from './artifacts/artifact-error.js';
export { findRun, isArchive } from './artifacts/find-run.js';
export { findRuns, judgeRun, listRuns, newestFirst, readRun, readRunDir, readRunFacts, withoutRemoved } from './artifacts/read-run.js';
export type { RunFacts, RunListing, RunRecord, RunStatus } from './artifacts/read-run.js';
export { lineChecksum } from './artifacts/line-checksum.js';
export { processStart } from './artifacts/process-start.js';
export { MANIFEST_PATH, RUN_FACT_FILES, SUMMARY_PATH, TAGS_PATH } from './artifacts/run-paths.js';
export { changeTags } from './artifacts/run-tags.js';
export { messageOf, SatsimError } from './errors.js';
export { durationMs } from './contract/duration.js';
