import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRuns, readRun } from './read-run.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-read-'));
const manifest = { runId: 'x', name: 'n', tags: ['t'], startedAt: 'then', endedAt: null, ticks: 3, outcome: null, reason: null, pid: process.pid };
const add = (id: string, content: string | null, summary: string | null = null): void => {
  mkdirSync(join(root, id, 'manifests'), { recursive: true });
  if (content !== null) writeFileSync(join(root, id, 'manifests/run.json'), content);
  if (summary !== null) writeFileSync(join(root, id, 'summary.json'), summary);
};

beforeAll(() => {
  add('20260101-done-0001', JSON.stringify({ ...manifest, outcome: 'completed' }), '{"runId":"x","outcome":"completed"}');
  add('20260102-running-0002', JSON.stringify(manifest));
  // Greater than any process id that Linux or macOS gives.
  add('20260103-dead-0003', JSON.stringify({ ...manifest, pid: 2 ** 30 }));
  add('20260104-corrupt-0004', '{"runId": "x", "outc');
  add('20260105-missing-0005', null);
  add('20260106-foreign-0006', '[1]');
  add('20260107-nosummary-0007', JSON.stringify({ ...manifest, outcome: 'failed' }), '{');
  writeFileSync(join(root, 'a-file'), '');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('runs are listed newest first; what is broken is told, not thrown', async () => {
  const runs = await listRuns(root);
  expect(runs.map(({ runId, status }) => [runId.split('-')[1], status])).toEqual([
    ['nosummary', 'failed'],
    ['foreign', 'unreadable'],
    ['missing', 'unreadable'],
    ['corrupt', 'unreadable'],
    ['dead', 'crashed'],
    ['running', 'running'],
    ['done', 'completed'],
  ]);
  const problems = Object.fromEntries(runs.map(({ runId, problems: found }) => [runId.split('-')[1], found.join()]));
  expect(problems['corrupt']).toContain('run.json is not JSON');
  expect(problems['missing']).toContain('run.json: there is no such file or folder');
  expect(problems['foreign']).toContain('not what satsim writes');
  expect(problems['nosummary']).toContain('summary.json is not JSON');
  expect([problems['done'], problems['running'], problems['dead']]).toEqual(['', '', '']);
});

test('a folder that is not there holds no runs', async () => {
  expect(await listRuns(join(root, 'none'))).toEqual([]);
});

test('a run is found by the beginning of its id', async () => {
  expect(await readRun(root, '20260101')).toMatchObject({ status: 'completed', tags: ['t'], manifest: { name: 'n' }, summary: { outcome: 'completed' } });
});

test.each([
  ['2026', 'begin with 2026'],
  ['nothing', 'no run in'],
  ['', 'no run in'],
])('%j names no run, or several', async (prefix, message) => {
  await expect(readRun(root, prefix)).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining(message) });
});
