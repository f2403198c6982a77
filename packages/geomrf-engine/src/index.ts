export { startEmbeddedEngine } from './embedded-engine.js';
export { startEngineServer } from './engine-server.js';
export type { EngineServer } from './engine-server.js';
