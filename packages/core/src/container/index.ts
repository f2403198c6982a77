export { createRootContainer, type RootContainer, type RunDefinition } from './root-container.js';
export type { ExporterValues, LaneValues, RunScope, RunValues, TickSourceValues } from './run-scope.js';
