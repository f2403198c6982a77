import type { Command } from 'commander';
import { print, printJson } from '../output.js';
import { planFile } from '../plan-file.js';
import { describePlan, planAsJson } from '../plan-summary.js';
import { example } from '../program.js';
import { addChoiceOptions, addFormatOption, addScenarioOptions } from '../scenario-options.js';
import type { ChoiceOptions, ScenarioOptions } from '../scenario-options.js';

export function define(command: Command): void {
  addFormatOption(addChoiceOptions(addScenarioOptions(command)), ['text', 'json'])
    .addHelpText('after', example('satsim plan examples/iridium.satsim.yaml', 'satsim plan examples/iridium.satsim.yaml --format json --lane flow'))
    .action(plan);
}

async function plan(file: string, options: ScenarioOptions & ChoiceOptions & { readonly format: 'text' | 'json' }): Promise<void> {
  const { plan } = await planFile(file, options, false);
  await (options.format === 'json' ? printJson(planAsJson(plan)) : print(describePlan(plan)));
}
