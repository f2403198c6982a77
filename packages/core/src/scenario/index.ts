export { faultAt } from './fault-at.js';
export { scenarioJsonSchema } from './json-schema.js';
export { loadScenario } from './load.js';
export { toNodeId } from './node-id.js';
export { formatScenario } from './normalise.js';
export { selectLanes } from './select-lanes.js';
export { suggest } from './suggest.js';
export { timebase } from './timebase.js';
export type * from './types.js';
