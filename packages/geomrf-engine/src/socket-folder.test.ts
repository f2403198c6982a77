import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeSocketFolder } from './socket-folder.js';

it('is named by its process, and takes away what a killed one has left; the living and the others keep theirs', () => {
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  const abandoned = join(tmpdir(), `satsim-${dead}-aB3dE6`);
  const others = [`satsim-${process.ppid}-aB3dE6`, `satsim-${dead}-notours`, `satsim-x-aB3dE6`].map((name) => join(tmpdir(), name));
  for (const folder of [abandoned, ...others]) mkdirSync(folder);
  writeFileSync(join(abandoned, 'engine.sock'), '');
  const made = makeSocketFolder();
  try {
    expect(basename(made)).toMatch(new RegExp(`^satsim-${process.pid}-.{6}$`));
    expect(existsSync(abandoned)).toBe(false);
    expect(others.map((folder) => existsSync(folder))).toEqual([true, true, true]);
  } finally {
    for (const folder of [made, ...others]) rmSync(folder, { recursive: true });
  }
});
