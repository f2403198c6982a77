// Run in user-mode-linux: what ticks do to links, by the contract kit over the real lane and a kernel with netem. Prints one
// JSON line a rule.
import type { LaneDeps, LaneDefinition } from '@satsim/core';
import { laneContract, laneProperties } from '@satsim/core/testing';
import lane from '@satsim/lane-mininet';
import { kernelHarness } from '@satsim/lane-mininet/harness';

/** The contract's second, where a processor is emulated beside others. */
const LIMIT_MS = 10_000;

const [definition] = lane.definitions as readonly LaneDefinition[];
const config = ((await definition!.config['~standard'].validate({})) as { readonly value: never }).value;
// Without traffic, which says nothing of the links and starts a dozen programs.
const create = (deps: LaneDeps) => kernelHarness.create!({ ...deps, config, scenario: { ...deps.scenario, traffic: [] } });
const { observe } = kernelHarness;
const rules = laneContract(create, { observe, limitMs: LIMIT_MS });
const bare = laneContract(create);
// What needs no eyes is judged on the machine itself.
const effects = rules.filter(({ skip }, index) => skip === false && bare[index]!.skip !== false);
for (const one of [...effects, ...laneProperties(create, { observe, limitMs: LIMIT_MS, runs: 2 })]) {
  const begun = performance.now();
  const failure = await one.run().then(
    () => null,
    (error: unknown) => String(error),
  );
  process.stdout.write(`${JSON.stringify({ rule: one.rule, failure, ms: Math.round(performance.now() - begun) })}\n`);
}
