import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tests start thousands of Node programs of the same modules, and to compile these is a sixth of what a short one does: what
 * one has compiled the others read, as long as these tests run.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'satsim-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = folder;
  // A process that is just ending may still write there.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
