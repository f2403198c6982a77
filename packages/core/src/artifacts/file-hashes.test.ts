import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ArtifactStore } from './artifact-store.js';
import { changedFiles, writeFileHashes } from './file-hashes.js';

async function makeRun(): Promise<ArtifactStore> {
  const root = await mkdtemp(join(tmpdir(), 'satsim-hashes-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const store = await ArtifactStore.createRun(root, 'run');
  await store.writeFile('results/flows.jsonl', '{"a":1}\n');
  await store.writeFile('lanes/flow/deep er/x.txt', 'x');
  await store.writeFile('summary.json', '{}\n');
  await writeFile(store.path('report.html'), 'made afterwards');
  await writeFileHashes(store, new Map([['manifests/run.json', '{"outcome":"completed"}\n']]));
  await store.writeFile('manifests/run.json', '{"outcome":"completed"}\n');
  return store;
}

test('every file of a run has its hash, the one that is written last too; sha256sum understands the list', async () => {
  const store = await makeRun();
  const list = await readFile(store.path('manifests/files.sha256'), 'utf8');
  const lines = list.split('\n').slice(0, -2);
  expect(lines.map((line) => line.slice(66))).toEqual(['lanes/flow/deep er/x.txt', 'manifests/run.json', 'results/flows.jsonl', 'summary.json']);
  expect(list.split('\n').slice(-2)).toEqual([expect.stringMatching(/^# the lines above: [0-9a-f]{64}$/), '']);
  expect(await changedFiles(store.dir)).toEqual({ files: 4, changed: [] });
  if (process.platform === 'linux')
    expect(execFileSync('sha256sum', ['-c', 'manifests/files.sha256'], { cwd: store.dir, encoding: 'utf8' })).toContain('x.txt: OK');
});

test('what has changed since, is cut off or gone is named', async () => {
  const store = await makeRun();
  const flows = await readFile(store.path('results/flows.jsonl'));
  flows[2]! ^= 1;
  await writeFile(store.path('results/flows.jsonl'), flows);
  await truncate(store.path('summary.json'), 1);
  await rm(store.path('lanes/flow/deep er/x.txt'));
  expect((await changedFiles(store.dir))!.changed).toEqual([
    { path: 'lanes/flow/deep er/x.txt', what: 'missing' },
    { path: 'results/flows.jsonl', what: 'changed' },
    { path: 'summary.json', what: 'changed' },
  ]);
});

test.each([
  [(text: string) => text.slice(0, -1), 'it is cut off'],
  [(text: string) => text.slice(0, text.indexOf('\n') + 1), 'it is cut off'],
  [() => '', 'it is cut off'],
  [(text: string) => text.replace(/^./, '!'), 'it is damaged'],
  [(text: string) => text.slice(text.indexOf('\n') + 1), 'it is damaged'],
  [(text: string) => text.replace(/# the/, '# The'), 'it is damaged'],
  [(text: string) => text.replace('# ', '"'), 'it is cut off'],
])('a damaged list is an error that names it', async (damage, message) => {
  const store = await makeRun();
  const list = store.path('manifests/files.sha256');
  await writeFile(list, damage(await readFile(list, 'utf8')));
  await expect(changedFiles(store.dir)).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining(message) });
  await rm(list);
  expect(await changedFiles(store.dir)).toBeNull();
});
