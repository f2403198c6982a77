import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { processStart } from '@satsim/core';
import { expect, it } from 'vitest';
import { makeSocketFolder } from './socket-folder.js';

it('is named by its process, and takes away what a killed one has left, also where its number was given again; the living and the others keep theirs', () => {
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  const start = processStart(process.ppid) ?? '';
  const abandoned = [`satsim-${dead}--aB3dE6`, ...(start === '' ? [] : [`satsim-${process.ppid}-${Number(start) - 1}-aB3dE6`])];
  const others = [`satsim-${process.ppid}-${start}-aB3dE6`, `satsim-${dead}--notours`, `satsim-x--aB3dE6`].map((name) => join(tmpdir(), name));
  const left = abandoned.map((name) => join(tmpdir(), name));
  for (const folder of [...left, ...others]) mkdirSync(folder);
  for (const folder of left) writeFileSync(join(folder, 'engine.sock'), '');
  const made = makeSocketFolder();
  try {
    expect(basename(made)).toMatch(new RegExp(`^satsim-${process.pid}-\\d*-.{6}$`));
    expect(left.map((folder) => existsSync(folder))).toEqual(left.map(() => false));
    expect(others.map((folder) => existsSync(folder))).toEqual([true, true, true]);
  } finally {
    for (const folder of [made, ...others]) rmSync(folder, { recursive: true });
  }
});
