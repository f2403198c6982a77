export type { Path } from './path.js';
export { Router } from './router.js';
