export { exportRun, type Exported, type ExportOptions } from './export/export-run.js';
export { exportCrate, type CrateOptions, type ExportedCrate } from './crate/export-crate.js';
