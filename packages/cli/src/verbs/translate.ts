import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { formatFault, formatScenarioYaml, loadScenario, SatsimError, ScenarioError } from '@satsim/core';
import type { PluginRegistry, Scenario } from '@satsim/core';
import { artifactError } from '@satsim/core/records';
import { Option } from 'commander';
import type { Command } from 'commander';
import { translatorFailure, translatorFor, translatorNamed } from '../choose-translator.js';
import type { ChosenTranslator } from '../choose-translator.js';
import { readInputFiles } from '../input-files.js';
import { print, printJson, tell } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { example, version } from '../program.js';
import { addFormatOption, addPluginOption } from '../scenario-options.js';

interface TranslateOptions {
  readonly from?: string;
  readonly output?: string;
  readonly out?: string;
  readonly format: 'text' | 'json';
  readonly plugin?: readonly string[];
}

export function define(command: Command): void {
  command
    .argument('<path...>', 'files in a format of somebody else, or a folder of them')
    .option('--from <name>', 'the translator; without it, the only one that recognizes the files')
    .option('-o, --output <file>', 'write the scenario there, over what is there; on stdout without it')
    .addOption(new Option('--out <file>', 'the same as --output').conflicts('output'));
  addFormatOption(addPluginOption(command), ['text', 'json'])
    .addHelpText(
      'after',
      example(
        'satsim translate starlink.tle -o starlink.satsim.yaml',
        'satsim translate gen_data/kuiper_630_isls_plus_grid --from hypatia -o kuiper.satsim.yaml',
        'satsim translate sat-config.json epochs -o netsatbench.satsim.yaml',
        'satsim translate config.json example.py --from starrynet > starrynet.satsim.yaml',
      ),
    )
    .action(translate);
}

async function translate(paths: readonly string[], { from, plugin, format, ...where }: TranslateOptions): Promise<void> {
  const output = where.output ?? where.out;
  if (output !== undefined && paths.some((path) => resolve(path) === resolve(output)))
    throw new SatsimError('USAGE', `-o ${output} would overwrite what is to be translated`);
  // Files that the scenario goes on using are named relative to it.
  const folder = dirname(output ?? 'stdout');
  const registry = await findPlugins(plugin);
  const files = await readInputFiles(paths, folder);
  const chosen = from === undefined ? await translatorFor(registry, files, paths) : await translatorNamed(registry, from);
  const { scenario, warnings, attached } = await run(chosen, files, folder);
  if (output === undefined && attached.size > 0)
    throw new SatsimError('USAGE', `the scenario comes with ${[...attached.keys()].join(', ')}`, {
      hint: 'Say with -o where it goes; what comes with it goes beside it',
    });
  const text = formatScenarioYaml(scenario, header(chosen, paths, warnings));
  await check(text, scenario, chosen, registry);

  await refuseOthers(attached, folder);
  for (const warning of warnings) await tell(`warning: ${warning}`);
  for (const [path, content] of attached) await write(join(folder, path), content);
  if (output !== undefined) await write(output, text);
  if (format === 'json') {
    const [file, beside] = [output === undefined ? null : resolve(output), [...attached.keys()].map((path) => resolve(folder, path))];
    return printJson({ translator: chosen.name, file, attached: beside, warnings, scenario: file === null ? scenario : null });
  }
  if (output === undefined) return print(text);
  for (const path of attached.keys()) await tell(`${join(folder, path)} written`);
  await tell(`${output} written; run it with: satsim run ${output}`);
}

/** @throws ScenarioError whose files are named from the working directory, as the user gave them */
async function run(
  chosen: ChosenTranslator,
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
): Promise<{ scenario: Scenario; warnings: readonly string[]; attached: ReadonlyMap<string, string | Uint8Array> }> {
  const warnings: string[] = [];
  const attached = new Map<string, string | Uint8Array>();
  try {
    const scenario = await chosen.translator.translate({
      files,
      warn: (message) => warnings.push(message),
      attach: (path, content) => attached.set(path, content),
    });
    const strange = [...attached.keys()].find((path) => files.has(path) || isAbsolute(path) || relative(folder, join(folder, path)).startsWith('..'));
    if (strange !== undefined) throw new Error(`it would write ${strange}, which is no place of its own`);
    return { scenario, warnings, attached };
  } catch (error) {
    const failure = translatorFailure(chosen, error);
    if (!('faults' in failure)) throw failure;
    const { faults } = failure as ScenarioError;
    throw new ScenarioError(faults.map((fault) => ({ ...fault, file: fault.file === null ? null : join(folder, fault.file) })));
  }
}

/** What comes with a scenario may be what another one goes on using. */
async function refuseOthers(attached: ReadonlyMap<string, string | Uint8Array>, folder: string): Promise<void> {
  for (const [path, content] of attached) {
    const there = await readFile(join(folder, path)).catch(() => null);
    if (there === null || there.equals(Buffer.from(content))) continue;
    throw new SatsimError('USAGE', `${join(folder, path)} is there, and is not what comes with the scenario`, {
      hint: 'Remove it, or say with -o another folder: a scenario that was translated before may need it',
    });
  }
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content).catch((error: unknown) => {
    const { message, hint } = artifactError(error, 'write', path, '-o');
    throw new SatsimError('USAGE', message, { cause: error, hint });
  });
}

function header({ name, from }: ChosenTranslator, paths: readonly string[], warnings: readonly string[]): string {
  const origin = `Made by satsim ${version()}, translator ${name} (${from}), from ${paths.join(', ')}.`;
  return [origin, ...warnings.map((warning) => `Note: ${warning}.`)].join('\n');
}

/**
 * Loads the text as `run` would, but for the files that it names.
 * @throws SatsimError PLUGIN_INVALID: a translator that makes a scenario with faults is broken
 */
async function check(text: string, scenario: Scenario, { name, from }: ChosenTranslator, registry: PluginRegistry): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-translate-'));
  try {
    const file = join(folder, `${scenario.name}.satsim.yaml`);
    await writeFile(file, text);
    const { faults } = await loadScenario(file, { laneNames: registry.names('lane') });
    if (faults.length === 0) return;
    const found = faults.map((fault) => formatFault({ ...fault, file: null })).join('; ');
    throw new SatsimError('PLUGIN_INVALID', `translator ${name} (${from}) made a scenario with faults: ${found}`, { hint: 'Please tell its authors' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
