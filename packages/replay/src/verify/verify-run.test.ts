import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunRecord, SatsimError, type TickStream, type TickUpdate } from '@satsim/core';
import { expect, test, vi } from 'vitest';
import { HEADER, leftOf, stream, tick, ticks } from './runs.test-helper.js';
import { verifyRun } from './verify-run.js';

const AWAY = new SatsimError('GEOMRF_UNAVAILABLE', 'nobody answers');
const NOTHING = 'no tick was recorded: there is nothing that could be verified';
const closed = vi.fn<() => Promise<void>>(() => Promise.resolve());

const streamOf = (source: AsyncIterable<TickUpdate>): TickStream =>
  ({ info: { engineVersion: HEADER.engineVersion, specSha256: HEADER.specSha256, warnings: [] }, ticks: source, close: closed }) as unknown as TickStream;
const verify = (run: RunRecord, compute: () => Promise<TickStream>) => verifyRun(run, { compute, versions: new Map() });

async function* until(count: number, error: Error): AsyncGenerator<TickUpdate> {
  yield* ticks(count);
  throw error;
}

test('a run is what is computed of it again', async () => {
  closed.mockClear();
  const run = await leftOf('run', { ticks: ticks(4) });
  const sha256 = run.manifest!.traceSha256;
  expect(await verify(run, () => Promise.resolve(streamOf(stream(ticks(9)))))).toMatchObject({
    ok: true,
    ticks: { identical: 4, recorded: 4, planned: 4 },
    traceSha256: { recorded: sha256, computed: sha256 },
    divergence: null,
    notComputed: null,
  });
  expect(closed).toHaveBeenCalledOnce();
  const other = [tick(0), tick(1), tick(2, 7), tick(3)];
  expect(await verify(run, () => Promise.resolve(streamOf(stream(other))))).toMatchObject({
    ok: false,
    ticks: { identical: 2 },
    divergence: { tickIndex: 2 },
    problems: ['the ticks that are computed now are not those of the run'],
  });
});

test('what can be checked without computing is, and why nothing is computed is said', async () => {
  const run = await leftOf('run', { ticks: ticks(4) });
  const nothing = () => Promise.reject(AWAY);
  const part = () => Promise.resolve(streamOf(until(2, AWAY)));
  for (const [compute, identical] of [[nothing, 0] as const, [part, 2] as const]) {
    const found = await verify(run, compute);
    expect(found).toMatchObject({
      ok: true,
      ticks: { identical, recorded: 4 },
      traceSha256: { computed: null },
      divergence: null,
      notComputed: AWAY,
      problems: [],
    });
    expect(found.notes).toContain('the ticks are not computed anew: nobody answers');
    const tampered = await leftOf('run', { ticks: ticks(4), manifest: { traceSha256: '0'.repeat(64) } });
    expect(await verify(tampered, compute)).toMatchObject({ ok: false, problems: [expect.stringContaining('has not the hash of the run') as string] });
    const damaged = await leftOf('run', { ticks: ticks(4), cut: 5 });
    expect(await verify(damaged, compute)).toMatchObject({ ok: false, problems: [expect.stringContaining('tick 3: the file is cut off') as string] });
  }
});

test('a run without a trace has then nothing to be checked by', async () => {
  const run = await leftOf('run', { ticks: ticks(4), manifest: { traceRecorded: false } });
  expect(await verify(run, () => Promise.reject(AWAY))).toMatchObject({ ok: true, ticks: { identical: 0, recorded: 4 }, notComputed: AWAY, problems: [] });
});

test('a recording that is no longer the one that was played speaks against the run', async () => {
  const run = await leftOf('run', { ticks: ticks(4) });
  const other = new SatsimError('VERIFICATION_FAILED', 'it is not what it was');
  expect(await verify(run, () => Promise.reject(other))).toMatchObject({ ok: false, ticks: { recorded: 4 }, problems: ['it is not what it was'] });
});

test('a defect, and an end that is asked for, are no finding', async () => {
  const run = await leftOf('run', { ticks: ticks(4) });
  for (const error of [new TypeError('of undefined'), new SatsimError('INTERRUPTED', 'Interrupted by SIGINT')])
    await expect(verify(run, () => Promise.reject(error))).rejects.toBe(error);
});

test('a trace of which nothing can be read is one more problem, not the end', async () => {
  const run = await leftOf('run', { ticks: ticks(4), cut: 100_000 });
  expect(await verify(run, () => Promise.resolve(streamOf(stream(ticks(4)))))).toMatchObject({
    ok: false,
    ticks: { recorded: 0 },
    problems: [expect.stringContaining('the file is empty') as string],
  });
});

test('of a run that left nothing to look at it is not said that it is verified', async () => {
  const never = () => Promise.reject(new Error('not to be called'));
  const before = await leftOf('run', { ticks: [], status: 'crashed', manifest: { engine: null } });
  expect(await verify(before, never)).toMatchObject({ ok: false, ticks: { recorded: 0 }, files: null, problems: [NOTHING] });
  expect((await verify(before, never)).notes).toContain('the run crashed before a tick was recorded');
  const without = await leftOf('run', { ticks: [], status: 'crashed', cut: 100_000 });
  expect(await verify(without, () => Promise.resolve(streamOf(stream(ticks(1)))))).toMatchObject({ ok: false, problems: [NOTHING] });
  // Its files may be as they were: that is no more than a log of what went wrong.
  const failed = await leftOf('run', { ticks: [], manifest: { engine: null, outcome: 'failed', recording: null } });
  await mkdir(join(failed.runDir, 'manifests'));
  await writeFile(join(failed.runDir, 'manifests/files.sha256'), `# the lines above: ${createHash('sha256').digest('hex')}\n`);
  expect(await verify(failed, never)).toMatchObject({ ok: false, files: { checked: 0, changed: [] }, problems: [NOTHING] });
  const some = await leftOf('run', { ticks: ticks(2), status: 'crashed' });
  expect(await verify(some, () => Promise.resolve(streamOf(stream(ticks(4)))))).toMatchObject({ ok: true, ticks: { identical: 2 }, problems: [] });
});

test('a run whose manifest cannot be read is not verified; its files are looked at all the same', async () => {
  const never = () => Promise.reject(new Error('not to be called'));
  const unreadable = async (cut = 0): Promise<RunRecord> => ({
    ...(await leftOf('run', { ticks: ticks(2), cut })),
    manifest: null,
    problems: ['it is not JSON'],
  });
  const run = await unreadable();
  expect(await verify(run, never)).toMatchObject({ ok: false, files: null, problems: ['it is not JSON'] });
  await mkdir(join(run.runDir, 'manifests'));
  await writeFile(join(run.runDir, 'manifests/files.sha256'), 'half of');
  expect(await verify(run, never)).toMatchObject({ ok: false, problems: ['it is not JSON', expect.stringContaining('files.sha256')] });
  expect(await verify(await unreadable(100_000), never)).toMatchObject({ ok: false, problems: ['it is not JSON', NOTHING] });
});
