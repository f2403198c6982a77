import { SatsimError } from '@satsim/core';
import { formatOmmJson, formatTle } from '@satsim/elements';
import { compileScenario, importElements, listElements, satelliteElements } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { soundScenario } from '../engine-query.js';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { printCsv } from '../print-rows.js';
import { readScenario } from '../plan-file.js';
import { example } from '../program.js';
import { addFormatOption, addScenarioOptions } from '../scenario-options.js';
import type { ScenarioOptions } from '../scenario-options.js';
import { formatTable } from '../table.js';

export function define(command: Command): void {
  command.addHelpText('after', example('satsim elements export examples/iridium.satsim.yaml > iridium.omm.json', 'satsim elements import iridium.omm.json'));
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

  const importing = command.command('import').description('keep a file of element sets under the hash of its content, for scenarios to name');
  importing.argument('<file>', 'OMM (JSON, XML, CSV, KVN), TLE or 3LE').option('--name <name>', 'what scenarios may call it, besides by its hash');
  addFormatOption(addArtifactsRootOption(importing), ['text', 'json'])
    .addHelpText(
      'after',
      `\nKept in the folder elements beside the runs. In a scenario: elements: { file: "sha256:…" }, or { file: NAME }.\n${example(
        'satsim elements import starlink.tle --name starlink-2026-11',
        'satsim elements import starlink.tle --format json',
      )}`,
    )
    .action(importFile);

  const listing = command.command('list').description('element sets that were imported');
  addFormatOption(addArtifactsRootOption(listing), ['text', 'json', 'csv'])
    .addHelpText('after', example('satsim elements list', 'satsim elements list --format json'))
    .action(list);
}

interface StoreOptions<Format extends string> {
  readonly artifactsRoot: string;
  readonly format: Format;
}

const HEADER = ['sha256', 'format', 'satellites', 'firstEpoch', 'lastEpoch', 'importedFrom', 'importedAt', 'names', 'path'] as const;

async function importFile(file: string, { artifactsRoot, format, name }: StoreOptions<'text' | 'json'> & { readonly name?: string }): Promise<void> {
  const imported = await importElements(artifactsRoot, file, name ?? null);
  if (format === 'json') return printJson(imported);
  if (imported.replaced !== null) await tell(`warning: ${imported.name} was sha256:${imported.replaced} before; runs have copies of what they read`);
  const { satellites, firstEpoch, lastEpoch, sha256 } = imported;
  await print([`sha256:${sha256}`, `${satellites} satellites, epochs ${firstEpoch} to ${lastEpoch}`, placeOf(imported.path)].join('\n'));
}

async function list({ artifactsRoot, format }: StoreOptions<'text' | 'json' | 'csv'>): Promise<void> {
  const { sets, damage } = await listElements(artifactsRoot);
  for (const one of damage) await tell(`warning: ${one}`);
  if (format === 'json') return printJson(sets);
  if (format === 'csv') return printCsv(sets, HEADER);
  if (sets.length === 0) return tell('no element sets were imported here');
  await print(
    formatTable(sets, [
      { title: 'names', value: ({ names }) => names.join(', ') },
      { title: 'satellites', value: ({ satellites }) => satellites, align: 'right' },
      { title: 'last epoch', value: ({ lastEpoch }) => lastEpoch },
      { title: 'imported', value: ({ importedAt }) => importedAt },
      { title: 'file', value: ({ sha256 }) => `sha256:${sha256}` },
    ]),
  );
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
