import { messageOf, scenarioJsonSchema } from '@satsim/core';
import type { PluginRegistry } from '@satsim/core';
import { sweepSchema } from '@satsim/sweep';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { printJson, tell } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { example } from '../program.js';
import { addPluginOption } from '../scenario-options.js';

export function define(command: Command): void {
  addPluginOption(command.addArgument(new Argument('<what>', 'of what').choices(['scenario', 'sweep'])))
    .addHelpText('after', example('satsim schema scenario > scenario.schema.json', 'satsim schema sweep > sweep.schema.json'))
    .action(schema);
}

async function schema(what: 'scenario' | 'sweep', { plugin }: { readonly plugin?: readonly string[] }): Promise<void> {
  if (what === 'sweep') return printJson({ title: 'satsim sweep', ...sweepSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) });
  const registry = await findPlugins(plugin);
  return printJson(scenarioJsonSchema({ lanes: await schemasOf(registry, 'lane'), exporters: await schemasOf(registry, 'exporter') }));
}

/** Of a plugin that can't be imported nobody knows what it takes. */
async function schemasOf(registry: PluginRegistry, kind: 'lane' | 'exporter') {
  const load = async (name: string) => {
    try {
      return [name, (await registry.load(kind, name)).definition.config] as const;
    } catch (error) {
      await tell(`warning: ${messageOf(error)}`);
      return [name, null] as const;
    }
  };
  return new Map(await Promise.all(registry.names(kind).map(load)));
}
