export type { AskPositions } from './collect/positions.js';
export { defaultReportFile, reportRuns, type ReportOptions, type WrittenReport } from './report-runs.js';
export { reportSweep } from './report-sweep.js';
