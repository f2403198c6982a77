export { CORE_VERSION } from './core-version.js';
export { discoverPlugins, type DiscoverOptions } from './discover.js';
export type { Candidate, FoundPlugin, LoadedPlugin, PluginFault, PluginRegistry } from './registry.js';
export { formatMissing, type Machine, type MissingRequirement, missingRequirements, thisMachine } from './requirements.js';
