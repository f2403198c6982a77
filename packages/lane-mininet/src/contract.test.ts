import type { LaneDeps } from '@satsim/core';
import { laneContract, laneProperties } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { configSchema } from './config.js';
import { fakeHarness } from './harness.js';

// The kit's rules with the usual configuration are tests/contract's; these are the other ways to shape and to build.
describe.each([
  { shaping: { rate: 'htb' } },
  { shaping: { rate: 'tbf' } },
  { shaping: { down: 'drop', read_back_every: 1 } },
  { shaping: { rate: 'tbf', down: 'drop', queue_packets: 50, read_back_every: 1 } },
  { topo: { satellites: 'switch', gsl_links: 'all' }, shaping: { rate: 'htb', read_back_every: 1 } },
])('the contract over a fake machine, %o', (block) => {
  const config = configSchema.parse(block);
  // The kit's flows begin and end at satellites, which switches cannot.
  const traffic = ({ scenario }: LaneDeps) => (config.topo.satellites === 'switch' ? [] : scenario.traffic);
  const create = (deps: LaneDeps) => fakeHarness.create!({ ...deps, config, scenario: { ...deps.scenario, traffic: traffic(deps) } });
  for (const { rule, skip, run } of [
    ...laneContract(create, { ...fakeHarness, determinism: 'statistical' }),
    ...laneProperties(create, { ...fakeHarness, runs: 40 }),
  ]) {
    if (skip === 'the lane says that it is statistical') continue;
    test(rule, async () => {
      expect(skip).toBe(false);
      await run();
    });
  }
});
