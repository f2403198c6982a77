export { CORE_VERSION } from './core-version.js';
export { moduleOf } from './entry.js';
export { discoverPlugin, discoverPlugins, type DiscoverOptions } from './discover.js';
export { loadHarnesses } from './load-harnesses.js';
export type { Candidate, FoundPlugin, LoadedPlugin, PluginFault, PluginRegistry } from './registry.js';
export { formatMissing, type Machine, missingDependency, type MissingRequirement, missingRequirements } from './requirements.js';
