import type { ExporterDeps } from '../contract/exporter.js';
import { type ContractCase, contractCase } from './contract-case.js';
import { withExporter } from './exporter-bench.js';
import { exporterRules } from './exporter-rules.js';
import type { ExporterContractOptions, ExporterSubject } from './exporter-subject.js';

/**
 * The rules of the exporter contract as cases for any test runner.
 * @param create makes a fresh exporter from deps that the kit owns; called once or more in each case
 */
export function exporterContract<Subject extends ExporterSubject>(
  create: (deps: ExporterDeps) => Subject | Promise<Subject>,
  options: ExporterContractOptions<Subject> = {},
): readonly ContractCase[] {
  return exporterRules<Subject>().map(({ rule, needs, unless, judge }) => {
    const lacking = needs.find((need) => options[need] === undefined);
    const skip = unless?.(options) ?? (lacking === undefined ? false : `the harness has no ${lacking}()`);
    return contractCase(rule, skip, () => withExporter(create, options, judge));
  });
}
