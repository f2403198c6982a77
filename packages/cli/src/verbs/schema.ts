import { scenarioJsonSchema } from '@satsim/core';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { printJson } from '../output.js';
import { example } from '../program.js';

export function define(command: Command): void {
  command
    .addArgument(new Argument('<what>', 'of what').choices(['scenario']))
    .addHelpText('after', example('satsim schema scenario > scenario.schema.json'))
    .action(() => printJson(scenarioJsonSchema()));
}
