import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gitSha } from './git-sha.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-git-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

test('the commit of a checkout, with loose and packed refs, detached and in a work tree; none for installed packages', () => {
  expect(gitSha(join(root, 'none'))).toBeNull();
  git('init', '-q');
  writeFileSync(join(root, 'f'), '');
  mkdirSync(join(root, 'packages/core'), { recursive: true });
  mkdirSync(join(root, 'node_modules/dep'), { recursive: true });
  git('add', 'f');
  git('commit', '-qm', 'one');
  const sha = git('rev-parse', 'HEAD');
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  expect(gitSha(join(root, 'packages/core'))).toBe(sha);
  git('pack-refs', '--all');
  expect(gitSha(join(root, 'packages/core'))).toBe(sha);
  git('worktree', 'add', '-q', '-b', 'other', join(root, 'tree'));
  expect(gitSha(join(root, 'tree'))).toBe(sha);
  git('checkout', '-q', '--detach');
  expect(gitSha(root)).toBe(sha);
  expect(gitSha(join(root, 'node_modules/dep'))).toBeNull();
});
