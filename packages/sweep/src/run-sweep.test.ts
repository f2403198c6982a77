import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { prepared } from './begun.test-helper.js';
import { ingestRuns } from './ingest.js';
import { runSweep, type RunSweepOptions } from './run-sweep.js';
import { emitSlurm } from './slurm.js';

let root: string;
const roots: string[] = [];
beforeEach(() => void roots.push((root = mkdtempSync(join(tmpdir(), 'satsim-run-sweep-')))));
afterAll(() => roots.forEach((one) => rmSync(one, { recursive: true, force: true })));

const about = { command: ['satsim'], satsim: '1.0.0' };
const options: RunSweepOptions = {
  ...about,
  worker: { path: fileURLToPath(new URL('./worker.child.test-helper.ts', import.meta.url)), argument: '' },
  jobs: 1,
  maxMemoryMiB: 10_000,
  failFast: false,
  onProgress: () => undefined,
  onPostponed: () => undefined,
  onExceeded: () => undefined,
  onInterrupt: () => undefined,
};

describe('a sweep that another command has gone on with since its cells were planned', () => {
  const commands = {
    'is not run': async () => runSweep(await planned, options),
    'takes no runs': async () => ingestRuns(await planned, join(root, 'runs'), () => Promise.reject(new Error('not planned again')), about),
    'is not written out for Slurm': async () => emitSlurm(await planned, { ...about, jobs: null, program: ['satsim'], runArguments: [], cwd: root }),
  };
  let planned: ReturnType<typeof prepared>;

  it.each(Object.entries(commands))('%s, and loses nothing of its journal', async (_, command) => {
    planned = prepared(root);
    await planned;
    await runSweep(await prepared(root), options);
    const dir = join(root, 'sweeps/s');
    const before = ['cells.jsonl', 'sweep.json', 'table.json'].map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(before[0]!.split('"started"')).toHaveLength(3);
    await expect(command()).rejects.toMatchObject({ code: 'RUN_STATE', message: expect.stringContaining('has changed since the cells were planned') });
    expect(['cells.jsonl', 'sweep.json', 'table.json'].map((name) => readFileSync(join(dir, name), 'utf8'))).toEqual(before);
    expect((await prepared(root)).damage).toEqual([]);
  });
});
