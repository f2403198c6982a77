import { definePlugin } from '@satsim/core';
import { geomrfTickSource } from './tick-source.js';

export default definePlugin(geomrfTickSource);
export { compileScenario, specToJson } from './compile/compile-scenario.js';
export type { CompiledScenario } from './compile/compile-scenario.js';
export type { CompileOptions } from './compile/compile-context.js';
export { satelliteElements } from './compile/mean-elements.js';
export type { Selector, Thresholds } from './compile/selection.js';
export { queryEphemeris, queryLinks } from './query.js';
export type { QueryOptions } from './query.js';
