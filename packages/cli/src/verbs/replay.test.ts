import { Command } from 'commander';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ReplayChoice } from '../replay-plan.js';
import { define } from './replay.js';

const choices: ReplayChoice[] = [];

vi.mock('../plan-file.js', () => ({ findPlugins: () => Promise.resolve({}) }));
vi.mock('../replay-plan.js', () => ({
  planReplay: (_target: string, _registry: unknown, choice: ReplayChoice) => {
    choices.push(choice);
    return Promise.reject(new Error('no further'));
  },
}));

async function chosen(...args: readonly string[]): Promise<ReplayChoice> {
  const command = new Command('replay');
  define(command);
  await expect(command.parseAsync(['a-run', ...args], { from: 'user' })).rejects.toThrow('no further');
  return choices[0]!;
}

beforeEach(() => void choices.splice(0));

test('without a folder runs are where runs usually are, and the plan says where the replay goes', async () => {
  expect(await chosen()).toMatchObject({ artifactsRoot: './artifacts/runs', set: [] });
  choices.pop();
  expect(await chosen('--set', 'seed=3')).toMatchObject({ set: ['seed=3'] });
});

test.each(['other: runs', './artifacts/runs'])('--artifacts-root is where runs are, and where the replay goes: %s', async (folder) => {
  const { artifactsRoot, set } = await chosen('--artifacts-root', folder, '--set', 'seed=3');
  expect(artifactsRoot).toBe(folder);
  expect(set).toEqual(['seed=3', `paths.artifacts_root=${JSON.stringify(folder)}`]);
});
