import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder for the files of one bench, removed afterwards. */
export function inTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'satsim-bench-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a measuring process on a job and returns what it prints. */
export function measureIn(program: string, script: URL, folder: string, job: object): unknown {
  const file = join(folder, 'job.json');
  writeFileSync(file, JSON.stringify(job));
  const { status, stdout, stderr, error } = spawnSync(program, [fileURLToPath(script), file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${script.pathname}: ${error?.message ?? `exit ${status}`}\n${stderr}`);
  return JSON.parse(stdout);
}

/** Why the reference in Python cannot be measured, or null. */
export function pythonAbsent(python: string): string | null {
  const { status, stderr, error } = spawnSync(python, ['-c', 'import numpy, scipy, sgp4.api; assert sgp4.api.accelerated, "sgp4 is not the compiled one"'], {
    encoding: 'utf8',
  });
  if (error !== undefined) return `no ${python}`;
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? 'it fails');
}
