export { startEmbeddedEngine, startEngineInThread } from './embedded-engine.js';
export { startEngineServer } from './engine-server.js';
export type { EngineServer, EngineServerOptions } from './engine-server.js';
export { openLinkSteps } from './links/link-steps.js';
export type { LinkSteps, LinkStepsOptions } from './links/link-steps.js';
export type { LinkDetails, LinkOutput } from './links/link-output.js';
export type { Thresholds } from './links/stream-options.js';
