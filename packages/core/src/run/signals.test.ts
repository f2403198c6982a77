import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRun } from '../artifacts/read-run.js';
import { alive } from '../process/alive.test-helper.js';

// A process of its own can't run TypeScript with `.js` imports: it takes what the build made of the helper.
const child = fileURLToPath(new URL('../../dist/run/signals.child.test-helper.js', import.meta.url));

/** Starts the run, sends the signals one after the other, and tells how it ended. */
async function signalled(mode: string, signals: readonly NodeJS.Signals[]) {
  const root = mkdtempSync(join(tmpdir(), 'satsim-signals-'));
  const started = spawn(process.execPath, [child, mode, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => started.once('exit', resolve));
  const line = await new Promise<string>((resolve) => started.stdout.once('data', (chunk) => resolve(String(chunk))));
  const { pid, runDir } = JSON.parse(line) as { pid: number; runDir: string };
  expect(alive(pid)).toBe(true);
  for (const signal of signals) {
    started.kill(signal);
    await sleep(150);
  }
  const exitCode = await exited;
  await expect.poll(() => alive(pid)).toBe(false);
  const record = await readRun(root, runDir.slice(root.length + 1));
  rmSync(root, { recursive: true });
  return { exitCode, record };
}

describe.skipIf(process.platform === 'win32')('signals', () => {
  beforeAll(() => {
    if (!existsSync(child)) throw new Error(`${child} is missing: build first (npm test does)`);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the run in order: interrupted, 130, no orphan', async (signal) => {
    const { exitCode, record } = await signalled('graceful', [signal]);
    expect(exitCode).toBe(130);
    expect(record).toMatchObject({ status: 'interrupted', problems: [] });
    expect(record.summary).toMatchObject({ outcome: 'interrupted', exitCode: 130, traceSha256: expect.any(String) });
    expect(record.summary!.lanes[0]!.ticks).toBe(record.ticks);
  });

  test('the second signal aborts a lane that hangs', async () => {
    const { exitCode, record } = await signalled('hangs', ['SIGINT', 'SIGINT']);
    expect(exitCode).toBe(130);
    expect(record).toMatchObject({ status: 'interrupted', problems: [] });
    expect(record.summary).toMatchObject({ outcome: 'interrupted' });
  });

  test('the third signal ends the process; the manifest is true all the same', async () => {
    const { exitCode, record } = await signalled('stuck', ['SIGINT', 'SIGINT', 'SIGTERM']);
    expect(exitCode).toBe(130);
    expect(record).toMatchObject({ status: 'interrupted', reason: 'interrupted by SIGTERM three times', problems: [] });
    expect(record.summary).toMatchObject({ outcome: 'interrupted', traceSha256: null, error: { code: 'INTERRUPTED' } });
  });

  test('a process that exits in the middle of a run leaves a manifest that says so, and no orphan', async () => {
    const { exitCode, record } = await signalled('exits', []);
    expect(exitCode).toBe(3);
    expect(record).toMatchObject({ status: 'failed', reason: 'the process ended before the run did', problems: [] });
    expect(record.summary).toMatchObject({ outcome: 'failed', traceSha256: null, error: { code: 'INTERNAL' } });
  });
});
