export { EVENT_TYPES, type EventLine, LOG_LEVELS, type LogLevel, type LogLine, runEvents, runLog } from './follow/run-lines.js';
export { type Removal, removeRuns } from './keep/remove-runs.js';
export { collectRuns, type Retention } from './keep/retention.js';
export { findListedRuns } from './list/find-runs.js';
export { parseParam, type Param } from './list/param.js';
export { momentOf, RUN_STATUSES, type RunFilter } from './list/run-filter.js';
