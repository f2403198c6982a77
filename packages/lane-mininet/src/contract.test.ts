import type { LaneDeps } from '@satsim/core';
import { type ContractCase, laneContract, laneProperties } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { configSchema } from './config.js';
import { fakeHarness } from './harness.js';

// The kit's rules with the usual configuration are tests/contract's; these are the other ways to shape and to build.
const BLOCKS = [
  { shaping: { rate: 'htb' } },
  { shaping: { rate: 'tbf' } },
  { shaping: { down: 'drop', read_back_every: 1 } },
  { shaping: { rate: 'tbf', down: 'drop', queue_packets: 50, read_back_every: 1 } },
  { topo: { satellites: 'switch', gsl_links: 'all' }, shaping: { rate: 'htb', read_back_every: 1 } },
];

function casesOf(block: object): readonly ContractCase[] {
  const config = configSchema.parse(block);
  // The kit's flows begin and end at satellites, which switches cannot.
  const traffic = ({ scenario }: LaneDeps) => (config.topo.satellites === 'switch' ? [] : scenario.traffic);
  const create = (deps: LaneDeps) => fakeHarness.create!({ ...deps, config, scenario: { ...deps.scenario, traffic: traffic(deps) } });
  const cases = [...laneContract(create, { ...fakeHarness, determinism: 'statistical' }), ...laneProperties(create, { ...fakeHarness, runs: 40 })];
  return cases.filter(({ skip }) => skip !== 'the lane says that it is statistical');
}

const judge = async ({ skip, run }: ContractCase): Promise<void> => {
  expect(skip).toBe(false);
  await run();
};

/** Rules that wait, for flows to end and packets to be lost. */
const waits = ({ rule }: ContractCase): boolean => rule.startsWith('where there is a complete');

describe.each(BLOCKS)('the contract over a fake machine, %o', (block) => {
  for (const one of casesOf(block).filter((one) => !waits(one))) test(one.rule, () => judge(one));
});

// Each has a machine of its own: they wait side by side.
describe('the contract over a fake machine, what waits', () => {
  for (const block of BLOCKS) for (const one of casesOf(block).filter(waits)) test.concurrent(`${JSON.stringify(block)}: ${one.rule}`, () => judge(one));
});
