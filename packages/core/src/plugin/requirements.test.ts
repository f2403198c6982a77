import { chmod, mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Contribution } from '../contract/plugin.js';
import { formatMissing, missingRequirements, thisMachine } from './requirements.js';

const lane = (requires: Contribution['requires']): Contribution => ({ kind: 'lane', name: 'net', summary: 's', determinism: 'exact', pacing: 'any', requires });
const machine = { platform: 'linux', isRoot: false, hasExecutable: (name: string) => name === 'ip' };

afterEach(() => vi.unstubAllEnvs());

test('nothing is missing where nothing is needed, or all is there', () => {
  expect(missingRequirements(lane({}), machine)).toBeNull();
  expect(missingRequirements(lane({ platforms: ['linux'], executables: ['ip'], root: true }), { ...machine, isRoot: true })).toBeNull();
});

test('everything that is missing is told at once, with the command that installs it', () => {
  const missing = missingRequirements(lane({ platforms: ['win32'], executables: ['ip', 'tc'], root: true, install: 'apt install iproute2' }), machine);
  expect(missing).toEqual({
    plugin: 'lane net',
    missing: ['the platform win32 (this is linux)', 'the program tc (on PATH)', 'root privileges (sudo)'],
    install: 'apt install iproute2',
  });
  expect(formatMissing(missing!)).toBe('lane net needs the platform win32 (this is linux), the program tc (on PATH), root privileges (sudo)');
});

test.skipIf(process.platform === 'win32')('a program is there when a folder of PATH has it as an executable file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-path-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'runs'), '');
  await chmod(join(folder, 'runs'), 0o755);
  await writeFile(join(folder, 'does-not'), '');
  await chmod(join(folder, 'does-not'), 0o644);
  await mkdir(join(folder, 'a-folder'));
  vi.stubEnv('PATH', `/nowhere:${folder}`);
  const { hasExecutable } = thisMachine();
  expect(['runs', 'does-not', 'a-folder', 'none'].map((name) => hasExecutable(name))).toEqual([true, false, false, false]);
});
