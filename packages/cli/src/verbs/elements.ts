import { SatsimError } from '@satsim/core';
import { formatOmmJson, formatTle } from '@satsim/elements';
import { compileScenario, satelliteElements } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { soundScenario } from '../engine-query.js';
import { print } from '../output.js';
import { readScenario } from '../plan-file.js';
import { example } from '../program.js';
import { addFormatOption, addScenarioOptions } from '../scenario-options.js';
import type { ScenarioOptions } from '../scenario-options.js';

export function define(command: Command): void {
  const exporting = command.command('export').description("a scenario's satellites as element sets, on stdout");
  addFormatOption(addScenarioOptions(exporting), ['omm', 'tle'])
    .addHelpText(
      'after',
      example(
        'satsim elements export examples/iridium.satsim.yaml > iridium.omm.json',
        'satsim elements export examples/iridium.satsim.yaml --format tle > iridium.tle',
      ),
    )
    .action(exportElements);
}

async function exportElements(file: string, options: ScenarioOptions & { readonly format: 'omm' | 'tle' }): Promise<void> {
  const { loaded } = await readScenario(file, options);
  const { spec } = await compileScenario(soundScenario(loaded), loaded);
  const elements = satelliteElements(spec);
  if (options.format === 'omm') return print(formatOmmJson(elements));
  try {
    await print(formatTle(elements));
  } catch (error) {
    // What a TLE has no room for is in the scenario, not in satsim.
    if (error instanceof RangeError) throw new SatsimError('USAGE', error.message, { hint: 'Use --format omm', cause: error });
    throw error;
  }
}
