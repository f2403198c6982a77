import type { LaneDefinition, LaneDeps } from '@satsim/core';
import { laneContract } from '@satsim/core/testing';
import lane from '@satsim/lane-mininet';
import { kernelHarness } from '@satsim/lane-mininet/harness';
import { describe, it } from 'vitest';
import { need } from './prerequisites.js';

// What ticks do to links is judged where there is netem; how a lane lives, fails, stops and leaves, here, within the contract's second.
describe('the contract of lanes on this machine', async () => {
  const [definition] = lane.definitions as readonly LaneDefinition[];
  const block = { shaping: { delay: 'none' } };
  const config = ((await definition!.config['~standard'].validate(block)) as { readonly value: never }).value;
  const create = (deps: LaneDeps) => kernelHarness.create!({ ...deps, config });
  const { failNext, hangNext, leftovers } = kernelHarness;
  const cases = laneContract(create, { determinism: 'statistical', failNext, hangNext, leftovers });
  for (const { rule, run } of cases.filter(({ skip }) => skip === false)) {
    it(rule, { timeout: 60_000 }, async (context) => {
      need(context, { programs: ['tc', 'ip', 'nsenter', 'mnexec', 'ping', 'iperf3'] });
      await run();
    });
  }
});
