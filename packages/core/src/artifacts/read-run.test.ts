import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processStart } from './process-start.js';
import { listRuns, readRun, withoutRemoved } from './read-run.js';
import { changeTags } from './run-tags.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-read-'));
const manifest = {
  manifest: 1,
  runId: 'x',
  name: 'n',
  tags: ['t'],
  startedAt: 'then',
  endedAt: null,
  ticks: 3,
  outcome: null,
  reason: null,
  pid: process.pid,
  processStart: processStart(process.pid),
  seed: 1,
  mode: 'offline',
  t0: 'a',
  t1: 'b',
  dtMs: 1000,
  traceSha256: null,
  scenario: { file: 'f' },
  lanes: [],
  exporters: [],
  engine: null,
};
const summary = { runId: 'x', outcome: 'completed', ticks: 3, traceSha256: null, lanes: [], exporters: [], flows: [], assertions: [] };
const add = (id: string, content: string | null, said: string | null = null): void => {
  mkdirSync(join(root, id, 'manifests'), { recursive: true });
  if (content !== null) writeFileSync(join(root, id, 'manifests/run.json'), content);
  if (said !== null) writeFileSync(join(root, id, 'summary.json'), said);
};

beforeAll(() => {
  add('20260101-done-0001', JSON.stringify({ ...manifest, outcome: 'completed' }), JSON.stringify(summary));
  add('20260102-running-0002', JSON.stringify(manifest));
  // Greater than any process id that Linux or macOS gives.
  add('20260103-dead-0003', JSON.stringify({ ...manifest, pid: 2 ** 30 }));
  add('20260104-corrupt-0004', '{"runId": "x", "outc');
  add('20260105-missing-0005', null);
  add('20260106-foreign-0006', '[1]');
  add('20260107-nosummary-0007', JSON.stringify({ ...manifest, outcome: 'failed' }), '{');
  add('20260108-disagree-0008', JSON.stringify({ ...manifest, outcome: 'failed' }), JSON.stringify(summary));
  // The id of the process has been given to another one since.
  add('20260109-reused-0009', JSON.stringify({ ...manifest, processStart: '1' }), JSON.stringify(summary));
  add('20260110-oddtypes-0010', JSON.stringify({ ...manifest, tags: 'none', pid: 'x' }));
  mkdirSync(join(root, '20260111T000000Z-halfmade-0011'));
  mkdirSync(join(root, 'somebody-elses', 'folder'), { recursive: true });
  symlinkSync('20260101-done-0001', join(root, '20251231-link-0000'));
  symlinkSync('nowhere', join(root, '20251230T000000Z-dangling-0000'));
  writeFileSync(join(root, 'a-file'), '');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('runs are listed newest first; what is broken is told, not thrown', async () => {
  const runs = await listRuns(root);
  expect(runs.map(({ runId, status }) => [runId.split('-')[1], status])).toEqual([
    ['halfmade', 'unreadable'],
    ['oddtypes', 'unreadable'],
    ['reused', process.platform === 'linux' ? 'crashed' : 'running'],
    ['disagree', 'failed'],
    ['nosummary', 'failed'],
    ['foreign', 'unreadable'],
    ['missing', 'unreadable'],
    ['corrupt', 'unreadable'],
    ['dead', 'crashed'],
    ['running', 'running'],
    ['done', 'completed'],
    ['link', 'completed'],
  ]);
  const problems = Object.fromEntries(runs.map(({ runId, problems: found }) => [runId.split('-')[1], found.join()]));
  expect(problems['corrupt']).toContain('run.json is not JSON');
  expect(problems['missing']).toContain('run.json: there is no such file or folder');
  expect(problems['foreign']).toContain('not what satsim writes');
  expect(problems['nosummary']).toContain('summary.json is not JSON');
  expect(problems['oddtypes']).toMatch(/not what satsim writes there: tags: /);
  expect(problems['disagree']).toBe('summary.json says completed, the run manifest says failed');
  expect([problems['done'], problems['running'], problems['dead']]).toEqual(['', '', '']);
});

test('runs of the same second are told apart by when they started', async () => {
  const second = join(root, 'same-second');
  for (const [id, startedAt] of [
    ['aaaa', '2026-11-20T10:15:00.900Z'],
    ['ffff', '2026-11-20T10:15:00.100Z'],
    ['0000', '2026-11-20T10:15:01.000Z'],
  ] as const) {
    add(`same-second/20261120T10150${startedAt[18]}Z-x-${id}`, JSON.stringify({ ...manifest, startedAt }));
  }
  expect((await listRuns(second)).map(({ runId }) => runId.slice(-4))).toEqual(['0000', 'aaaa', 'ffff']);
});

test('a run that is gone by now is left out; one that cannot be read stays', async () => {
  const runs = await listRuns(root);
  const broken = runs.find(({ status }) => status === 'unreadable')!;
  expect(await withoutRemoved([...runs, { ...broken, runDir: join(root, 'gone') }])).toEqual(runs);
});

test('a folder that is not there holds no runs', async () => {
  expect(await listRuns(join(root, 'none'))).toEqual([]);
});

test('a run is found by the beginning of its id', async () => {
  expect(await readRun(root, '20260101')).toMatchObject({ status: 'completed', tags: ['t'], manifest: { name: 'n' }, summary: { outcome: 'completed' } });
});

test.each([
  ['2026', 'USAGE', 'begin with 2026'],
  ['nothing', 'ARTIFACTS', 'no run in'],
  ['', 'ARTIFACTS', 'no run in'],
])('%j names no run, or several: %s', async (prefix, code, message) => {
  await expect(readRun(root, prefix)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test('tags are those of the start, as they were changed since; what was cut off is told and spoils nothing', async () => {
  const place = join(root, 'tagged');
  add('tagged/20260101T000000Z-x-0001', JSON.stringify({ ...manifest, outcome: 'completed' }), JSON.stringify(summary));
  const dir = join(place, '20260101T000000Z-x-0001');
  await changeTags(dir, ['keep', 'paper'], []);
  appendFileSync(join(dir, 'tags.jsonl'), '{"at":"2026-01-01T00:00:00Z","add":["lo');
  await changeTags(dir, ['late'], ['t', 'paper']);
  const [run] = await listRuns(place);
  expect(run).toMatchObject({ status: 'completed', tags: ['keep', 'late'], problems: [expect.stringMatching(/tags\.jsonl:3 is not what satsim writes/)] });
  expect((await readRun(place, '2026')).manifest?.tags).toEqual(['t']);
});

test('changes of tags that come together are all kept', async () => {
  add('together/20260101T000000Z-x-0001', JSON.stringify({ ...manifest, outcome: 'completed' }), JSON.stringify(summary));
  const dir = join(root, 'together/20260101T000000Z-x-0001');
  const tags = Array.from({ length: 40 }, (_, i) => `t${i}`);
  await Promise.all(tags.map((tag) => changeTags(dir, [tag], [])));
  expect((await readRun(join(root, 'together'), '2026')).tags.toSorted()).toEqual(['t', ...tags].toSorted());
});
