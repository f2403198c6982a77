import type { TickSourceDeps } from '../contract/tick-source.js';
import { type ContractCase, contractCase, LIMIT_MS } from './contract-case.js';
import { withTickSource } from './tick-source-bench.js';
import { contentRules } from './tick-source-content-rules.js';
import { sourceLifeRules } from './tick-source-life-rules.js';
import type { TickSourceContractOptions, TickSourceSubject } from './tick-source-subject.js';

/**
 * The rules of the tick source contract as cases for any test runner.
 * @param create makes a fresh tick source from deps that the kit owns; called once or twice in each case
 */
export function tickSourceContract<Subject extends TickSourceSubject>(
  create: (deps: TickSourceDeps) => Subject | Promise<Subject>,
  options: TickSourceContractOptions<Subject> = {},
): readonly ContractCase[] {
  const limitMs = options.limitMs ?? LIMIT_MS;
  return [...contentRules<Subject>(), ...sourceLifeRules<Subject>()].map(({ rule, unless, judge }) =>
    contractCase(rule, unless?.(options) ?? false, () => withTickSource(create, options, limitMs, judge)),
  );
}
