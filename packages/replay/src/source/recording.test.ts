import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunRecord, TraceText } from '@satsim/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HEADER, ticks } from '../verify/runs.test-helper.js';
import { extentOf } from './extent.js';
import { recordingAt } from './recording.js';

let status: RunRecord['status'] = 'completed';
vi.mock('@satsim/core', async (original) => ({
  ...(await original<object>()),
  readRunDir: (runDir: string) => Promise.resolve({ runId: 'r', runDir, status, manifest: { traceRecorded: true } }),
}));

/** The run directory; `keep` says what of the trace is in it, `null` for no file. */
async function traceOf(count: number, keep: (text: string) => string | null = (text) => text): Promise<string> {
  const runDir = await mkdtemp(join(tmpdir(), 'satsim-recording-'));
  onTestFinished(() => rm(runDir, { recursive: true }));
  const text = new TraceText(HEADER);
  for (const tick of ticks(count)) text.add(tick);
  await mkdir(join(runDir, 'traces'));
  const kept = keep(text.toString());
  if (kept !== null) await writeFile(join(runDir, 'traces/ticks.jsonl'), kept);
  return runDir;
}

const HALF = (text: string): string => text.slice(0, -20);

test('of a run that crashed what is sound is there to be played, without being asked for', async () => {
  status = 'crashed';
  const recording = await recordingAt(await traceOf(4, HALF), 'end');
  expect(await extentOf(recording)).toMatchObject({ first: 0, count: 3, damage: { code: 'TRACE_INVALID', tickIndex: 3 } });
});

test('of any other that has to be asked for', async () => {
  status = 'completed';
  const runDir = await traceOf(4, HALF);
  await expect(recordingAt(runDir, 'end').then(extentOf)).rejects.toMatchObject({ code: 'TRACE_INVALID' });
  expect(await extentOf(await recordingAt(runDir, 'damage'))).toMatchObject({ first: 0, count: 3 });
  expect(await extentOf(await recordingAt(await traceOf(4), 'damage'))).toMatchObject({ first: 0, count: 4, damage: null });
});

test('a run that was killed before its first tick has nothing to play', async () => {
  status = 'crashed';
  for (const keep of [(text: string) => text, (text: string) => text.slice(0, 20), () => '', () => null])
    await expect(traceOf(0, keep).then((runDir) => recordingAt(runDir, 'end').then(extentOf))).rejects.toMatchObject({
      code: 'ARTIFACTS',
      message: expect.stringContaining('no tick was recorded in ') as string,
    });
});

test('a run that still goes on is not played', async () => {
  status = 'running';
  await expect(recordingAt(await traceOf(4), 'end')).rejects.toMatchObject({ code: 'RUN_STATE', message: 'run r still goes on' });
});
