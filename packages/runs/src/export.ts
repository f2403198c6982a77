export { exportRun, type Exported, type ExportOptions } from './export/export-run.js';
