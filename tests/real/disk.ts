import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { need } from './prerequisites.js';

const mounted: string[] = [];

/** A file system of its own, below the folder. */
export function mountDisk(context: TestContext, folder: string, name: string, options: string): string {
  need(context, { programs: ['mount', 'umount'], accepts: ['unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'] });
  const dir = join(folder, name);
  mkdirSync(dir);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  mounted.push(dir);
  return dir;
}

/** The folder, which can be written by the path `writable`, as a mount that cannot. */
export function mountReadOnly(context: TestContext, folder: string, name: string, writable: string): string {
  need(context, { programs: ['mount', 'umount'], accepts: ['unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'] });
  const dir = join(folder, name);
  mkdirSync(dir);
  execFileSync('mount', ['--bind', writable, dir]);
  mounted.push(dir);
  execFileSync('mount', ['-o', 'remount,bind,ro', dir]);
  return dir;
}

export function unmountAll(): void {
  for (const dir of mounted.splice(0).toReversed()) execFileSync('umount', [dir]);
}
