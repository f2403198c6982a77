import { renameSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artifactError } from './artifact-error.js';

const coded = (code: string) => Object.assign(new Error('raw'), { code });

test('a folder where a file should go is told as that, with what to do', () => {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-error-'));
  const file = `${dir}.tmp`;
  writeFileSync(file, '');
  try {
    renameSync(file, dir);
    expect.unreachable();
  } catch (error) {
    expect(artifactError(error, 'write', '/reports')).toMatchObject({
      code: 'ARTIFACTS',
      message: 'cannot write /reports: it is a folder (EISDIR)',
      hint: 'name a file in it, or one with another name',
    });
  } finally {
    rmSync(dir, { recursive: true });
    rmSync(file, { force: true });
  }
});

test('the hint names what the place was chosen by: of a run its scenario, of others their option, and nothing where nobody chose', () => {
  const hint = (chosenBy?: string | null) => artifactError(coded('ENOSPC'), 'write', '/x/y', chosenBy).hint;
  expect([hint(), hint('--out'), hint(null)]).toEqual([
    'free some space, or choose another disk with paths.artifacts_root',
    'free some space, or choose another disk with --out',
    'free some space',
  ]);
});

test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'ENAMETOOLONG', 'ENOENT', 'EIO'])(
  '%s: another place is one way out',
  (code) => {
    expect(artifactError(coded(code), 'write', '/x/y', '--out').hint).toMatch(/^.+, or choose another (folder|disk) with --out$/);
  },
);

test('what has no code is told in its own words, without a hint', () => {
  expect(artifactError(new Error('raw'), 'write', '/x/y')).toMatchObject({ message: 'cannot write /x/y: raw', hint: undefined });
});
