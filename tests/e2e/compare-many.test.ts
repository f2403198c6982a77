import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunsCompared } from '@satsim/core';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, iridium, root, workplace } from './satsim.js';

const place = workplace();
afterAll(place.remove);

describe('the runs of a sweep side by side', () => {
  let compared: RunsCompared;
  beforeAll(async () => {
    await place.output('sweep', join(root, 'examples/iridium-elevation.sweep.yaml'));
    compared = JSON.parse(await place.output('compare', '--sweep', 'iridium-elevation', '--format', 'json')) as RunsCompared;
  });

  it('differ in the parameters of the sweep and in nothing else, by run', () => {
    expect(compared.runs).toHaveLength(8);
    expect(compared.configuration).toEqual([
      { path: 'links.gsl.min_elevation_deg', values: [5, 5, 8.2, 8.2, 15, 15, 25, 25] },
      { path: 'links.gsl.policy', values: Array.from({ length: 4 }, () => ['max_elevation', 'longest_visible']).flat() },
    ]);
  });

  it('have a line for each run under each flow and quantity, the first as the reference', async () => {
    const table = await place.output('compare', '--sweep', 'iridium-elevation');
    const lines = table.split('\n');
    expect(lines[0]).toMatch(/^ +run +status +links\.gsl\.min_elevation_deg +links\.gsl\.policy$/);
    expect(lines[8]).toMatch(/^8 +\S+-iridium-\S{4} +completed +25 +longest_visible$/);
    const start = lines.findIndex((line) => /^oslo-singapore +rtt_ms +1 /.test(line));
    expect(lines[start]).toMatch(/ reference, 1ms\+1%$/);
    expect(lines.slice(start + 1, start + 8).map((line) => line.trim().split(/ +/)[0])).toEqual(['2', '3', '4', '5', '6', '7', '8']);
    const rows = compared.flows.filter(({ flow, quantity }) => flow === 'oslo-singapore' && quantity === 'rtt_ms');
    for (const [index, { other }] of rows.entries()) expect(lines[start + 1 + index]).toContain(` ${other.median!.toFixed(2)} `);
    expect(Math.max(...lines.map((line) => line.length)), 'it fits').toBeLessThan(120);
  });

  it('as CSV have every row, with all figures', async () => {
    const rows = (await place.output('compare', '--sweep', 'iridium-elevation', '--format', 'csv')).split('\n');
    expect(rows).toHaveLength(1 + compared.flows.length);
    expect(new Set(rows.slice(1).map((row) => row.split(',')[8])).size).toBe(7);
  });

  it('are named by ids from stdin and by folders as well', async () => {
    const ids = compared.runs.map(({ runId }) => runId);
    const piped = await execa(process.execPath, [bin, 'compare', '-', '--format', 'json'], { cwd: place.dir, input: `${ids.join('\n')}\n` });
    expect(JSON.parse(piped.stdout)).toEqual(compared);
    const folders = ids.map((id) => `artifacts/runs/${id}`);
    expect(JSON.parse(await place.output('compare', ...folders, '--format', 'json'))).toEqual(compared);
  });

  it('are chosen as list-runs chooses them, the oldest as the reference', async () => {
    const chosen = JSON.parse(await place.output('compare', '--param', 'links.gsl.min_elevation_deg>=15', '--format', 'json')) as RunsCompared;
    const listed = JSON.parse(await place.output('list-runs', '--param', 'links.gsl.min_elevation_deg>=15', '--format', 'json')) as { runId: string }[];
    expect(listed).toHaveLength(4);
    expect(chosen.runs.map(({ runId }) => runId)).toEqual(listed.map(({ runId }) => runId).toReversed());
    expect((await place.satsim('compare', '--param', 'seed=99')).stderr).toContain('no run is chosen');
    expect(JSON.parse(await place.output('compare', '--sweep', 'artifacts/sweeps/iridium-elevation', '--format', 'json'))).toEqual(compared);
  });

  it('with --check are judged: exit 4 when any differs, or nothing could be compared', async () => {
    const ids = compared.runs.map(({ runId }) => runId);
    const judge = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await place.satsim('compare', ...args, '--check', '--format', 'json');
      return { exitCode, stderr, verdicts: new Set((JSON.parse(stdout) as RunsCompared).flows.map(({ verdict }) => verdict)) };
    };
    const different = await judge(ids[0]!, ids[1]!);
    expect([different.exitCode, different.stderr, different.verdicts]).toEqual([
      4,
      expect.stringContaining('rtt_ms of oslo-singapore'),
      new Set(['agree', 'differ']),
    ]);
    const again = await place.run(iridium, '--set', 'links.gsl.min_elevation_deg=5', '--set', 'links.gsl.policy=max_elevation', '--set', 'time.dt=10s');
    expect(await judge(ids[0]!, again.runId)).toEqual({ exitCode: 0, stderr: '', verdicts: new Set(['agree']) });
    const later = await place.run(iridium, '--t0', '2026-11-20T12:00:00Z', '--t1', '2026-11-20T12:00:10Z');
    const nothing = await judge(again.runId, later.runId);
    expect([nothing.exitCode, nothing.stderr, nothing.verdicts]).toEqual([4, expect.stringContaining('nothing could be compared'), new Set([null])]);
  });

  it.each([
    [['--sweep', 'none'], /no sweep none has been begun in/],
    [[], /no run is chosen/],
  ])('what is not there is said: %j', async (args, message) => {
    const { exitCode, stderr } = await place.satsim('compare', ...args);
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
  });

  it('are found where they have been moved to, and what is gone is said with what brings it back', async () => {
    const [runs, away] = ['artifacts/runs', 'moved'].map((name) => join(place.dir, name)) as [string, string];
    renameSync(runs, away);
    expect(await place.satsim('compare', '--sweep', 'iridium-elevation')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/, the run of cell [0-9a-f]{12}, is gone\n.*`satsim sweep iridium-elevation --resume` runs it again/) as string,
    });
    const moved = JSON.parse(await place.output('compare', '--sweep', 'iridium-elevation', '--artifacts-root', 'moved', '--format', 'json')) as RunsCompared;
    expect(moved).toEqual(compared);
    renameSync(away, runs);
  });
});

it('sixty runs of 20,000 samples take no more memory than six', { timeout: 180_000 }, async () => {
  const { runId, runDir } = await place.run(iridium, '--set', 'time.dt=10s', '--set', 'time.duration=100s');
  const sample = { lane: 'flow', flow: 'oslo-singapore', lossPct: 0, goodputMbps: null, oneWayDelayMs: 45, hops: 3, path: ['a', 'b', 'c'] };
  const lines = Array.from({ length: 20_000 }, (_, k) =>
    JSON.stringify({ ...sample, simTimeMs: 1_795_132_800_000 + k, rttMs: 90 + (k % 7), pathHash: `${k}` }),
  );
  writeFileSync(join(runDir, 'results/flows.jsonl'), `${lines.join('\n')}\n`);
  const ids = Array.from({ length: 60 }, (_, k) => runId.replace(/....$/, String(k).padStart(4, '0')));
  for (const id of ids) symlinkSync(runDir, join(place.dir, 'artifacts/runs', id));
  const script = join(root, 'tests/e2e/fixtures/compare-memory/compare-memory.js');
  const measure = async (count: number) => {
    const { stdout } = await execa(process.execPath, ['--expose-gc', script, ...ids.slice(0, count)], { cwd: place.dir });
    return JSON.parse(stdout) as { rows: number; mostMiB: number };
  };
  const [few, many] = [await measure(6), await measure(60)];
  expect(many.rows).toBe((few.rows / 5) * 59);
  // A run in memory is seven numbers a sample: 54 more of them are at least 58 MiB. What is in use is looked at every 200 ms, so the
  // two peaks that were seen differ by up to a run's texts and columns.
  expect(many.mostMiB).toBeLessThan(few.mostMiB + 35);
});
