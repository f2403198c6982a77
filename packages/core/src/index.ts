export * from './contract/index.js';
export * from './errors.js';
export type * from './run/types.js';
export * from './scenario/index.js';
export * from './plugin/index.js';
export { planRun, type PlanChoice } from './run/plan.js';
