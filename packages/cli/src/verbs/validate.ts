import type { Command } from 'commander';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { planFile } from '../plan-file.js';
import { example } from '../program.js';
import { addChoiceOptions, addFormatOption, addScenarioOptions } from '../scenario-options.js';
import type { ChoiceOptions, ScenarioOptions } from '../scenario-options.js';

export function define(command: Command): void {
  addFormatOption(addChoiceOptions(addScenarioOptions(command)), ['text', 'json'])
    .option('--check-env', 'what this machine lacks for it is an error (exit 3), not a warning')
    .addHelpText('after', example('satsim validate examples/iridium.satsim.yaml'))
    .action(validate);
}

type ValidateOptions = ScenarioOptions & ChoiceOptions & { readonly checkEnv?: true; readonly format: 'text' | 'json' };

/** Faults of the scenario are thrown; what this machine lacks is only a warning unless asked for, as the run may be meant for another. */
async function validate(file: string, options: ValidateOptions): Promise<void> {
  const { plan } = await planFile(file, options, options.checkEnv === true);
  for (const warning of plan.warnings) await tell(`warning: ${warning}`);
  const lanes = plan.lanes.map(({ name }) => name);
  if (options.format === 'json') return printJson({ valid: true, file: plan.loaded.file, tickCount: plan.time.tickCount, lanes, warnings: plan.warnings });
  await print(`${placeOf(plan.loaded.file)} is valid: ${plan.network.nodes.length} nodes, ${plan.time.tickCount} ticks, lanes: ${lanes.join(', ')}`);
}
