import { relative } from 'node:path';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { findPlugins } from '../plan-file.js';
import { findOnePlugin } from '../plugins/find-one.js';
import { NEW_KINDS, newPlugin } from '../plugins/new-plugin.js';
import type { NewKind } from '../plugins/new-plugin.js';
import type { Verdict } from '../plugins/plugin-check.js';
import { pluginReports } from '../plugins/plugin-reports.js';
import type { PluginReport } from '../plugins/plugin-reports.js';
import { printCsv } from '../print-rows.js';
import { example } from '../program.js';
import { describeError } from '../report-error.js';
import { addFormatOption, addPluginOption } from '../scenario-options.js';
import { formatTable } from '../table.js';

type Format = 'text' | 'json';

const HEADER = ['kind', 'name', 'summary', 'package', 'version', 'dir', 'usable', 'fault', 'missing', 'install'] as const;

export function define(command: Command): void {
  command.addHelpText('after', example('satsim plugins list', 'satsim plugins new lane foo', 'satsim plugins check ./satsim-lane-foo'));
  const listing = command.command('list').description('every plugin that a run here could name, and what is wrong with the others');
  addFormatOption(addPluginOption(listing), ['text', 'json', 'csv'])
    .addHelpText('after', example('satsim plugins list', 'satsim plugins list --format json'))
    .action(list);

  const checking = command.command('check').description('judge a plugin: manifest, module, requirements, and every rule of its contract');
  checking.argument('[name-or-path]', 'what it contributes (flow), its package, or its folder', '.');
  addFormatOption(checking, ['text', 'json'])
    .addHelpText('after', example('satsim plugins check flow', 'satsim plugins check ./satsim-lane-foo'))
    .action(check);

  const making = command.command('new').description('make the package of a plugin, with a harness and tests that pass');
  making
    .addArgument(new Argument('<kind>', 'of which kind').choices(NEW_KINDS))
    .argument('<name>', 'lower-case letters, digits and `-`')
    .option('--dir <folder>', 'where; satsim-<kind>-<name> without it. It may not be there yet');
  addFormatOption(making, ['text', 'json'])
    .addHelpText('after', example('satsim plugins new lane foo', 'satsim plugins new exporter foo --dir ../foo'))
    .action(make);
}

async function list({ plugin, format }: { readonly plugin?: readonly string[]; readonly format: Format | 'csv' }): Promise<void> {
  const registry = await findPlugins(plugin);
  const plugins = pluginReports(registry);
  if (format === 'json') return printJson({ plugins, faults: registry.faults });
  if (format === 'csv') await printCsv(plugins, HEADER);
  else await print(tableOf(plugins));
  for (const { packageName, message } of registry.faults) await tell(`plugin ${packageName} is broken: ${message}`);
}

function tableOf(plugins: readonly PluginReport[]): string {
  return formatTable(plugins, [
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'name', value: ({ name }) => name },
    { title: 'version', value: ({ version }) => version },
    { title: 'package', value: (one) => one.package },
    { title: 'from', value: ({ dir }) => placeOf(dir) },
    { title: 'usable', value: ({ fault, missing }) => fault ?? missing ?? 'yes' },
  ]);
}

async function check(target: string, { format }: { readonly format: Format }): Promise<void> {
  const registry = await findOnePlugin(target);
  const { packageName, packageVersion, dir } = registry.candidates[0]!;
  const verdicts: Verdict[] = [];
  // The contract kit is for this verb alone.
  const { checkPlugin } = await import('../plugins/plugin-check.js');
  if (format === 'text') await print(`${packageName} ${packageVersion} (${placeOf(dir)})`);
  const error = await checkPlugin(registry, async (verdict) => {
    if (format === 'text') await print(describe(verdict, verdicts.at(-1)?.about));
    verdicts.push(verdict);
  });
  const counts = { ok: countOf(verdicts, 'ok'), fails: countOf(verdicts, 'fails'), skipped: countOf(verdicts, 'skipped') };
  if (format === 'json') await printJson({ package: packageName, version: packageVersion, dir, verdicts, ...counts, error });
  else await print(`\n${verdicts.length} rules: ${counts.ok} ok, ${counts.fails} failed, ${counts.skipped} skipped`);
  if (error === null) return;
  await tell(describeError(error));
  process.exitCode = error.exitCode;
}

async function make(kind: NewKind, name: string, { dir, format }: { readonly dir?: string; readonly format: Format }): Promise<void> {
  const { dir: made, packageName, files } = await newPlugin(kind, name, dir);
  if (format === 'json') return printJson({ package: packageName, kind, name, dir: made, files });
  const here = relative('', made);
  await print([`${packageName} is in ${here}:`, ...files.map((file) => `  ${file}`), '', `  cd ${here}`, '  npm install', '  npm test'].join('\n'));
}

function describe({ about, rule, verdict, why }: Verdict, before: string | undefined): string {
  const heading = about === before ? '' : `\n${about}\n`;
  switch (verdict) {
    case 'ok':
      return `${heading}  ok       ${rule}`;
    case 'fails':
      return `${heading}  FAILS    ${rule}: ${why}`;
    case 'skipped':
      return `${heading}  skipped  ${rule}: because ${why}`;
  }
}

function countOf(verdicts: readonly Verdict[], verdict: Verdict['verdict']): number {
  return verdicts.filter((one) => one.verdict === verdict).length;
}
