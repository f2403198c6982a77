import type { LaneDeps } from '../contract/lane.js';
import { type ContractCase, contractCase, LIMIT_MS } from './contract-case.js';
import { withBench } from './lane-bench.js';
import { effectRules } from './lane-effect-rules.js';
import { lifeRules } from './lane-life-rules.js';
import type { LaneContractOptions, LaneSubject } from './lane-subject.js';

/**
 * The rules of the lane contract as cases for any test runner.
 *
 *     for (const { rule, skip, run } of laneContract((deps) => ({ lane: new MyLane({ ...deps, config }) }), { observe }))
 *       test.skipIf(skip)(rule, run);
 *
 * @param create makes a fresh lane from deps that the kit owns; called once or twice in each case
 */
export function laneContract<Subject extends LaneSubject>(
  create: (deps: LaneDeps) => Subject | Promise<Subject>,
  options: LaneContractOptions<Subject> = {},
): readonly ContractCase[] {
  const limitMs = options.limitMs ?? LIMIT_MS;
  return [...effectRules<Subject>(), ...lifeRules<Subject>()].map(({ rule, needs, unless, judge }) => {
    const lacking = needs.find((need) => options[need] === undefined);
    const skip = unless?.(options) ?? (lacking === undefined ? false : `the harness has no ${lacking}()`);
    return contractCase(rule, skip, () => withBench(create, options, limitMs, judge));
  });
}
