import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { lockSweep } from './lock-sweep.js';

// As for a user who may not write there; root may everywhere.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  writeFile: () => Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' })),
}));

const dir = mkdtempSync(join(tmpdir(), 'satsim-lock-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('a folder that can’t be written is told as that, and no defect', async () => {
  mkdirSync(join(dir, 's'));
  await expect(lockSweep(join(dir, 's'))).rejects.toMatchObject({
    code: 'ARTIFACTS',
    message: `cannot write ${join(dir, 's', 'lock.json')}: permission denied (EACCES)`,
    hint: expect.stringContaining('--sweeps-root'),
  });
});
