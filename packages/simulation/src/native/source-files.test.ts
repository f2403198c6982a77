import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sourceFiles } from './source-files.js';

function folder(...files: string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-sources-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const file of files) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), '');
  }
  return dir;
}

test('all files below, sorted; not what is hidden, nor runs and sweeps, nor what is named', async () => {
  const sources = ['a.cc', 'a/b.cc', 'a/results/c.cc', 'manifests/run.txt', 'runs/notes.txt'];
  const others = ['.git/HEAD', 'runs/.index.sqlite', 'runs/r/manifests/run.json', 'runs/r/x.ned', 'sweeps/s/cells.jsonl', 'sweeps/s/y.ned', 'results/z.sca'];
  const dir = folder(...sources, ...others);
  expect(await sourceFiles(dir, [join(dir, 'results')])).toEqual(sources.toSorted());
});

test('links are followed: to files, to folders, not around in a circle, not to nowhere', async () => {
  const dir = folder('a/one.cc', 'b/two.cc');
  symlinkSync('../b', join(dir, 'a/b'));
  symlinkSync('../b/two.cc', join(dir, 'a/two.cc'));
  symlinkSync('..', join(dir, 'a/up'));
  symlinkSync('nowhere', join(dir, 'a/lost.cc'));
  expect(await sourceFiles(dir)).toEqual(['a/b/two.cc', 'a/one.cc', 'a/two.cc', 'b/two.cc']);
});
