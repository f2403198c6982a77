export { faultAt } from './fault-at.js';
export { formatScenarioYaml } from './format-yaml.js';
export { scenarioJsonSchema } from './json-schema.js';
export { loadScenario } from './load.js';
export { toNodeId } from './node-id.js';
export { formatScenario } from './normalise.js';
export { suggest } from './suggest.js';
export { timebase } from './timebase.js';
export type * from './types.js';
