export * from './contract/index.js';
export * from './errors.js';
export * from './scenario/index.js';
export * from './plugin/index.js';
export { dieWithParent } from './process/die-with-parent.js';
export { planRun, type PlanChoice } from './run/plan.js';
export * from './run/index.js';
export * from './artifacts/index.js';
export * from './compare/index.js';
