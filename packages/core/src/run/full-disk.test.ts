import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRun } from '../artifacts/read-run.js';
import { createRun } from './run.js';
import { makePlan, OPTIONS, readManifest } from './run.test-helper.js';

const mounted: string[] = [];
afterAll(() => {
  for (const dir of mounted) {
    execFileSync('umount', [dir]);
    rmSync(dir, { recursive: true });
  }
});

/** A small disk of its own; `null` where this process may not mount one. */
function mountDisk(options: string): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const dir = mkdtempSync(join(tmpdir(), 'satsim-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    rmSync(dir, { recursive: true });
    return null;
  }
  mounted.push(dir);
  return dir;
}
const small = mountDisk('size=256k');
const readOnly = mountDisk('ro');

// Needs root and the right to mount; /dev/full stands in for it in run.test.ts where there is neither.
describe.skipIf(small === null)('a disk that is really full', () => {
  test('the run fails, says why, and its manifest and summary are true', async () => {
    let finalized = false;
    const plan = makePlan({ root: small!, ticks: 20_000, lanes: { a: () => ({ finalize: async () => void (finalized = true) }) } });
    const result = await (await createRun(plan, OPTIONS)).start();
    expect(result).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      traceSha256: null,
      error: { code: 'ARTIFACTS', message: expect.stringContaining('the disk is full'), hint: expect.stringContaining('artifacts_root') },
    });
    expect(finalized).toBe(true);
    expect(readManifest(result.runDir)).toMatchObject({ outcome: 'failed', reason: result.error!.message });
    expect(await readRun(small!, result.runId)).toMatchObject({ status: 'failed', problems: [], summary: { outcome: 'failed' } });
  });

  test('no room even to begin: an error, and nothing is left behind', async () => {
    await expect(createRun(makePlan({ root: small! }), OPTIONS)).rejects.toMatchObject({ code: 'ARTIFACTS' });
    expect(execFileSync('ls', [small!], { encoding: 'utf8' }).trim().split('\n')).toHaveLength(1);
  });
});

test.skipIf(readOnly === null)('a file system that is read-only: an error that says so', async () => {
  await expect(createRun(makePlan({ root: join(readOnly!, 'runs') }), OPTIONS)).rejects.toMatchObject({
    code: 'ARTIFACTS',
    message: expect.stringContaining('read-only'),
    hint: expect.stringContaining('artifacts_root'),
  });
});
