import { renameSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artifactError } from './artifact-error.js';

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
