// Run in user-mode-linux: what ticks do to links, by the contract kit over the real lane and a kernel with netem. All of it
// with the defaults, and one sequence of ticks with two other ways to shape and to build. Prints one JSON line a rule.
import type { LaneDeps, LaneDefinition } from '@satsim/core';
import { type ContractCase, laneContract, laneProperties } from '@satsim/core/testing';
import lane from '@satsim/lane-mininet';
import { kernelHarness } from '@satsim/lane-mininet/harness';

/** The contract's second, where a processor is emulated beside others. */
const LIMIT_MS = 10_000;
const OTHERS = [
  { topo: { satellites: 'host', gsl_links: 'all' }, shaping: { rate: 'htb', down: 'drop', queue_packets: 50, read_back_every: 1 } },
  { topo: { satellites: 'switch', gsl_links: 'all' }, shaping: { rate: 'tbf', burst_bytes: 6_000, read_back_every: 1 } },
];
/** Of eight ticks, in which links leave, come back, go down and lose their capacity, and a second snapshot comes. */
const RICH_SEED = 3;

const [definition] = lane.definitions as readonly LaneDefinition[];
const { observe } = kernelHarness;

/** Lanes without traffic, which says nothing of the links and starts a dozen programs. */
async function lanes(block: object) {
  const config = ((await definition!.config['~standard'].validate(block)) as { readonly value: never }).value;
  return (deps: LaneDeps) => kernelHarness.create!({ ...deps, config, scenario: { ...deps.scenario, traffic: [] } });
}

async function tell(block: object, rules: readonly ContractCase[]): Promise<void> {
  for (const one of rules) {
    const begun = performance.now();
    const failure = await one.run().then(
      () => null,
      (error: unknown) => String(error),
    );
    process.stdout.write(`${JSON.stringify({ block, rule: one.rule, failure, ms: Math.round(performance.now() - begun) })}\n`);
  }
}

const usual = await lanes({});
const bare = laneContract(usual);
// What needs no eyes is judged on the machine itself.
const effects = laneContract(usual, { observe, limitMs: LIMIT_MS }).filter(({ skip }, index) => skip === false && bare[index]!.skip !== false);
await tell({}, [...effects, ...laneProperties(usual, { observe, limitMs: LIMIT_MS, runs: 2 })]);
for (const block of OTHERS) await tell(block, laneProperties(await lanes(block), { observe, limitMs: LIMIT_MS, runs: 1, seed: RICH_SEED }));
