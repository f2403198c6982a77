import { definePlugin } from '@satsim/core';
import { geomrfTickSource } from './tick-source.js';

export default definePlugin(geomrfTickSource);
export { compileScenario, specToJson } from './compile/compile-scenario.js';
export type { CompiledScenario } from './compile/compile-scenario.js';
export type { CompileOptions } from './compile/compile-context.js';
export { satelliteElements } from './compile/mean-elements.js';
export type { Selector, Thresholds } from './compile/selection.js';
export { queryCoverage } from './windows/coverage.js';
export type { CoverageOptions } from './windows/coverage.js';
export type { SiteCoverage } from './windows/coverage-count.js';
export type { EngineOptions, Span } from './windows/open-scenario.js';
export type { Pass, SkyPoint } from './windows/pass-finder.js';
export { queryPasses } from './windows/passes.js';
export type { Passes, PassOptions } from './windows/passes.js';
export { queryEphemeris, queryLinks } from './windows/query.js';
export type { QueryOptions } from './windows/query.js';
