import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/**
 * Tests start thousands of Node programs of the same modules, and to compile these is a sixth of what a short one does: what
 * one has compiled the others read, as long as these tests run. Each project asks; the first one sets it up for all.
 */
export function setup(): void {
  if (process.env['NODE_COMPILE_CACHE'] !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'satsim-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = folder;
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
