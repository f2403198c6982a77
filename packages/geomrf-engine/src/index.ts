export { startEmbeddedEngine } from './embedded-engine.js';
export { startEngineServer } from './engine-server.js';
export type { EngineServer, EngineServerOptions } from './engine-server.js';
