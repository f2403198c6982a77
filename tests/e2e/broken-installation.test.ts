import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { root, workplace } from './satsim.js';

const place = workplace();
afterAll(place.remove);

it('an installation of which a part cannot be loaded says so, once', async () => {
  // The command without the core that all its work is in.
  const cli = join(place.dir, 'cli');
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(root, 'packages/cli', part), join(cli, part), { recursive: true });
  mkdirSync(join(cli, 'node_modules'));
  symlinkSync(join(root, 'node_modules/commander'), join(cli, 'node_modules/commander'));
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(cli, 'bin/satsim.js'), 'validate', 'x.satsim.yaml'], {
    reject: false,
    timeout: 20_000,
  });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error: satsim's own files cannot be loaded: .*@satsim\/core.*\n {2}install it again/);
});
