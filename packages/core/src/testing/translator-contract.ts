import type { Translator } from '../contract/translator.js';
import { type ContractCase, contractCase, inTime, PATIENCE_MS } from './contract-case.js';
import { translatorRules } from './translator-rules.js';
import type { TranslatorContractOptions } from './translator-subject.js';

/**
 * The rules of the translator contract as cases for any test runner.
 * @param create makes a fresh translator; called once or more in each case
 */
export function translatorContract(create: () => Translator | Promise<Translator>, options: TranslatorContractOptions): readonly ContractCase[] {
  return translatorRules().map(({ rule, needs, judge }) => {
    const skip = options[needs] === undefined || options[needs].length === 0 ? `the harness has no ${needs}` : false;
    return contractCase(rule, skip, () => inTime(judge(create, options), PATIENCE_MS, 'the case'));
  });
}
