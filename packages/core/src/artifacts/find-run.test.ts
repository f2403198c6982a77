import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRun, isArchive } from './find-run.js';

const ID = '20261120T101500Z-iridium-5e8b';
let dir: string;
let root: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'satsim-find-run-'));
  root = join(dir, 'runs');
  for (const folder of [join(root, ID, 'manifests'), join(dir, 'sent/manifests'), join(dir, '.hidden/manifests'), join(dir, 'empty')])
    await mkdir(folder, { recursive: true });
  await symlink(join(root, ID), join(dir, 'link'));
  for (const file of ['run.zip', 'run.tar.gz', 'notes.txt']) await writeFile(join(dir, file), '');
});
afterAll(() => rm(dir, { recursive: true }));

test.each([[ID], [ID.slice(0, 16)]])('a run by its id, or the beginning of that: %s', async (name) => {
  expect(await findRun(root, name)).toMatchObject({ runId: ID, runDir: join(root, ID) });
});

test.each(['sent', 'sent/', 'link', '.hidden', `runs/${ID}`])('a run by its folder: %s', async (path) => {
  expect(await findRun('nowhere', join(dir, path))).toMatchObject({ runDir: join(dir, path).replace(/\/$/, '') });
});

test.each([
  ['empty', 'is not a run directory: it has no manifests/run.json', 'name the folder of a run, or its id'],
  ['runs', 'is not a run directory: it has no manifests/run.json', `it holds runs, such as ${ID}: name one of them`],
  ['run.zip', 'is an archive, not a run directory', 'unpack it first, as by `unzip DIR/run.zip -d DIR/run`, and name'],
  ['run.tar.gz', 'is an archive, not a run directory', 'unpack it first, as by `tar -xf DIR/run.tar.gz`, and name'],
  ['notes.txt', 'is a file, not a run directory', 'name the folder of a run, or its id'],
])('of what is there and is no run it is said what it is: %s', async (name, message, hint) => {
  const expected = { code: 'USAGE', message: `${join(dir, name)} ${message}`, hint: expect.stringContaining(hint.replaceAll('DIR', dir)) };
  await expect(findRun(root, join(dir, name))).rejects.toMatchObject(expected);
});

test('no name is no run, not the folder where one stands', async () => {
  await expect(findRun(root, '')).rejects.toMatchObject({ code: 'USAGE', message: 'the name of a run is empty' });
});

test('what is not there is no run by that name', async () => {
  await expect(findRun(root, 'nobody')).rejects.toMatchObject({ code: 'ARTIFACTS', message: `no run in ${root} is called nobody` });
});

test.each(['a.zip', 'a.TAR.GZ', 'a.tgz', 'a.tar', 'a.tar.zst', 'a.7z'])('%s is an archive', (name) => expect(isArchive(name)).toBe(true));
test.each(['ticks.jsonl.zst', 'ticks.jsonl', 'ticks.jsonl.gz', 'zip'])('%s is none', (name) => expect(isArchive(name)).toBe(false));
