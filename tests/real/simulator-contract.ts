import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, type LaneDeps, loadHarnesses, type ProcessRunner } from '@satsim/core';
import { type LaneHarness, pluginContract } from '@satsim/core/testing';
import { expect, it, type TestContext } from 'vitest';

const hostPackageJson = fileURLToPath(import.meta.resolve('@satsim/cli/package.json'));

/**
 * The whole lane contract, with nothing skipped, over the simulator itself: what is observed is what its program reports
 * after it has played the ticks so far. On a machine without it the same harness plays the traces in another way.
 * @param program the name of the simulator's program
 */
export async function simulatorContract(lane: string, program: string, need: (context: TestContext) => void): Promise<void> {
  const registry = await discoverPlugins({ cwd: fileURLToPath(new URL('.', import.meta.url)), hostPackageJson });
  const candidate = registry.candidates.find(({ contributes }) => contributes.some(({ kind, name }) => kind === 'lane' && name === lane))!;
  const { definition } = await registry.load('lane', lane);
  const [harness] = (await loadHarnesses(candidate)) as readonly LaneHarness[];
  let played = 0;
  const counting = (processes: ProcessRunner): ProcessRunner => ({
    run: (...args) => processes.run(...args),
    start(command, ...rest) {
      if (basename(command) === program) played += 1;
      return processes.start(command, ...rest);
    },
  });
  const create = (deps: LaneDeps) => harness!.create!({ ...deps, processes: counting(deps.processes) });
  const [contract] = pluginContract({ definitions: [definition] }, [{ ...harness!, create }], join(candidate.dir, 'package.json'), { properties: true });
  for (const { rule, skip, ...judged } of contract!.cases) {
    it(rule, { timeout: 180_000 }, async (context) => {
      need(context);
      expect(skip).toBe(false);
      await judged.run();
    });
  }
  it(`and ${program} has played the ticks`, (context) => {
    need(context);
    expect(played).toBeGreaterThan(contract!.cases.length);
  });
}
