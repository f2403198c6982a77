import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArtifactArea, type ProcessOptions, SatsimError } from '@satsim/core';
import { testLaneDeps } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan, type PlannedNode } from '../plan/network-plan.js';
import { ExecCommands } from './exec.js';
import type { NodePrograms } from './node-programs.js';

async function executing(commands: readonly object[], area: Partial<ArtifactArea>, use: (exec: ExecCommands, dir: string, t0Ms: number) => Promise<void>) {
  const { deps, dispose } = await testLaneDeps();
  try {
    const config = configSchema.parse({ exec: commands });
    const { dir } = deps.artifacts;
    const artifacts: ArtifactArea = {
      dir,
      writeFile: (path, content) => deps.artifacts.writeFile(path, content),
      openStream: (path) => deps.artifacts.openStream(path),
      ...area,
    };
    const plan = new NetworkPlan(deps.nodes, config.topo, deps.run.runId);
    // On the machine itself, which is enough for what they print.
    const programs = {
      start: (_node: PlannedNode, command: string, args: readonly string[], options: ProcessOptions) => deps.processes.start(command, args, options),
    };
    await use(new ExecCommands({ ...deps, artifacts, config }, plan, programs as unknown as NodePrograms), dir, deps.run.t0Ms);
  } finally {
    await dispose();
  }
}

test('a command starts with its tick, once; what it prints is kept, with how it ended', () =>
  executing([{ node: 'sat-1', at: '2s', command: ['sh', '-c', 'echo here; exit 3'] }], {}, async (exec, dir, t0Ms) => {
    await exec.tick(t0Ms + 1000);
    expect(() => readFileSync(join(dir, 'exec/1-sat-1.log'))).toThrow('ENOENT');
    for (const at of [2000, 3000]) await exec.tick(t0Ms + at);
    await expect.poll(() => readFileSync(join(dir, 'exec/1-sat-1.log'), 'utf8')).toBe('here\nexit code 3\n');
    await exec.finish();
  }));

test('a disk that takes no more fails the next tick and the end, and kills nobody', () => {
  const full = new SatsimError('ARTIFACTS', 'the disk is full');
  const openStream = () => Promise.resolve({ write: () => Promise.reject(full), close: () => Promise.reject(full) });
  return executing([{ node: 'sat-1', command: ['sh', '-c', 'echo one; echo two; sleep 20'] }], { openStream }, async (exec, _dir, t0Ms) => {
    await exec.tick(t0Ms);
    await expect.poll(() => exec.tick(t0Ms).catch((error: unknown) => error)).toBe(full);
    await expect(exec.finish()).rejects.toBe(full);
  });
});
