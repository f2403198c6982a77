export type { Path } from './path.js';
export { Router } from './router.js';
export type { FollowedHops, HopVisitor } from './followed-hops.js';
