import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { artifactError } from './artifact-error.js';
import { ArtifactStore, makeRunId } from './artifact-store.js';
import { FileStream } from './artifact-stream.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a run id is time, name and four random digits', () => {
  expect(makeRunId('my-run', new Date('2026-11-20T01:02:03.456Z'))).toMatch(/^20261120T010203Z-my-run-[0-9a-f]{4}$/);
});

test('a file is written whole, with no temporary one left', async () => {
  const store = await ArtifactStore.createRun(root, 'whole');
  await store.writeFile('results/deep/a.txt', 'one');
  await store.writeFile('results/deep/a.txt', 'two');
  expect(readFileSync(join(store.dir, 'results/deep/a.txt'), 'utf8')).toBe('two');
  expect(readdirSync(join(store.dir, 'results/deep'))).toEqual(['a.txt']);
});

test.each(['../x', '/etc/x', 'a/../../x', '', '.'])('the path %j is refused', async (path) => {
  const store = await ArtifactStore.createRun(root, `paths-${Math.random()}`);
  await expect(store.writeFile(path, '')).rejects.toMatchObject({ code: 'ARTIFACTS' });
});

test('a stream writes in order, more than a batch, and closes twice; a write afterwards rejects', async () => {
  const store = await ArtifactStore.createRun(root, 'stream');
  const stream = await store.openStream('results/s.txt');
  let expected = '';
  for (let i = 0; i < 2_000; i += 1) {
    const line = `${i} ${'x'.repeat(500)}\n`;
    expected += line;
    await stream.write(i % 2 === 0 ? line : Buffer.from(line));
  }
  await stream.close();
  await stream.close();
  expect(readFileSync(join(store.dir, 'results/s.txt'), 'utf8')).toBe(expected);
  await expect(stream.write('late')).rejects.toMatchObject({ code: 'ARTIFACTS' });
});

test('little data reaches the disk without a close', async () => {
  const store = await ArtifactStore.createRun(root, 'flush');
  const stream = await store.openStream('results/s.txt');
  await stream.write('here');
  await expect.poll(() => readFileSync(join(store.dir, 'results/s.txt'), 'utf8'), { timeout: 5_000 }).toBe('here');
  await stream.close();
});

test.skipIf(!existsSync('/dev/full'))('a full disk: the stream rejects naming the file and what to do', async () => {
  const stream = await FileStream.open('/dev/full', '--out');
  await stream.write('x');
  const error = await stream.close().catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: 'ARTIFACTS',
    message: 'cannot write /dev/full: the disk is full (ENOSPC)',
    hint: expect.stringContaining('--out'),
  });
});

test('folders above are made; a file in the place of one is an error', async () => {
  const store = await ArtifactStore.createRun(join(root, 'a/b/c'), 'r');
  expect((await store.area('lanes/x')).dir).toBe(join(store.dir, 'lanes/x'));
  expect((await store.area('lanes/x')).dir).toBe(join(store.dir, 'lanes/x'));
  await store.writeFile('lanes/file', '');
  await expect(store.area('lanes/file')).rejects.toMatchObject({ code: 'ARTIFACTS' });
  await expect(store.area('lanes/file/below')).rejects.toMatchObject({ message: expect.stringContaining('is a file, not a folder') });
});

test.skipIf(!existsSync('/proc'))('a root where no folder can be made is an error, not a wait', async () => {
  await expect(ArtifactStore.createRun('/proc/no-such/runs', 'r')).rejects.toMatchObject({
    code: 'ARTIFACTS',
    message: expect.stringContaining('there is no such file or folder'),
  });
});

test('a root below a file: an error that says so', async () => {
  writeFileSync(join(root, 'file'), '');
  await expect(ArtifactStore.createRun(join(root, 'file'), 'r')).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringMatching(/file/) });
});

test.each([
  ['EROFS', 'the file system is read-only'],
  ['EACCES', 'permission denied'],
  ['ENOSPC', 'the disk is full'],
])('%s is told in words', (code, words) => {
  const error = artifactError(Object.assign(new Error('raw'), { code }), 'write', '/x/y');
  expect(error.message).toBe(`cannot write /x/y: ${words} (${code})`);
  expect(error.hint).toContain('paths.artifacts_root');
});
