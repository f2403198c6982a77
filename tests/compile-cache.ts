import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where tools keep what can be made again. */
const FOLDER = fileURLToPath(new URL('../node_modules/.cache/compiled-for-tests', import.meta.url));

/**
 * Tests start thousands of Node programs of the same modules, and to compile these is a sixth of what a short one does: what
 * one has compiled the others read. Each time anew, as modules that tests write are in it, too.
 */
export function setup(): void {
  rmSync(FOLDER, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  process.env['NODE_COMPILE_CACHE'] = FOLDER;
}
