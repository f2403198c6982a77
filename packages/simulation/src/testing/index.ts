export { BAD_LINKS, BAD_ROUTES, type BadTrace, GOOD_LINK } from './bad-traces.js';
export { type OfflineHarnessOptions, type OfflineSubject, offlineHarness } from './offline-harness.js';
export { type LinkRow, readTrace, type RouteRow, type TraceRows } from './read-trace.js';
export { standInSimulator } from './stand-in-simulator.js';
