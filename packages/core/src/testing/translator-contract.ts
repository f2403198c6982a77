import type { Translator } from '../contract/translator.js';
import { check, type ContractCase, inTime } from './contract-case.js';
import { translatorRules } from './translator-rules.js';
import type { TranslatorContractOptions } from './translator-subject.js';

const PATIENCE_MS = 30_000;

/**
 * The rules of the translator contract as cases for any test runner.
 * @param create makes a fresh translator; called once or more in each case
 */
export function translatorContract(create: () => Translator | Promise<Translator>, options: TranslatorContractOptions): readonly ContractCase[] {
  return translatorRules().map(({ rule, needs, judge }) => {
    const skip = options[needs] === undefined || options[needs].length === 0 ? `the harness has no ${needs}` : false;
    return {
      rule,
      skip,
      async run() {
        check(skip === false, `skipped: ${skip}`);
        await inTime(judge(create, options), PATIENCE_MS, 'the case');
      },
    };
  });
}
