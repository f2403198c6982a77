export { compareRuns, type RunsCompared } from './compare-runs.js';
export type { Unreported } from './comparison.js';
export type { ComparedSide, FlowComparison } from './compare-series.js';
export type { DifferingField } from './differing.js';
export { type ComparedQuantity, parseTolerances, type Tolerance, type Tolerances } from './tolerance.js';
