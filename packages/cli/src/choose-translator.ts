import { isSatsimError, messageOf, missingDependency, missingRequirements, SatsimError } from '@satsim/core';
import type { PluginRegistry, Translator } from '@satsim/core';
import { tell } from './output.js';

export interface ChosenTranslator {
  readonly name: string;
  /** Package and version. */
  readonly from: string;
  readonly translator: Translator;
}

/** @throws SatsimError PLUGIN_INVALID; MissingDependencyError */
export async function translatorNamed(registry: PluginRegistry, name: string): Promise<ChosenTranslator> {
  const { contribution, definition, packageName, packageVersion } = await registry.load('translator', name);
  const missing = missingRequirements(contribution);
  if (missing !== null) throw missingDependency(missing);
  return { name, from: `${packageName} ${packageVersion}`, translator: definition.create({}) };
}

/**
 * The one translator that recognizes the files. All that are installed are asked; one that is broken is told and left out.
 * @throws SatsimError USAGE when none or several do
 */
export async function translatorFor(registry: PluginRegistry, files: ReadonlyMap<string, Uint8Array>, paths: readonly string[]): Promise<ChosenTranslator> {
  const known = registry.names('translator');
  const found: ChosenTranslator[] = [];
  for (const name of known) {
    try {
      const candidate = await translatorNamed(registry, name);
      if (candidate.translator.recognizes?.({ files }) === true) found.push(candidate);
    } catch (error) {
      await tell(`warning: translator ${name} could not be asked: ${messageOf(error)}`);
    }
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what = paths.join(', ');
  if (only !== undefined)
    throw new SatsimError('USAGE', `${what} can be of several formats: ${found.map(({ name }) => name).join(', ')}`, { hint: 'Name one with --from' });
  throw new SatsimError('USAGE', `no translator recognizes ${what}`, {
    hint: known.length === 0 ? 'No translator is installed' : `Name one with --from to hear what is wrong: ${known.join(', ')}`,
  });
}

/** What a translator that fails in a way of its own means for the user. */
export function translatorFailure({ name, from }: ChosenTranslator, error: unknown): Error {
  if (isSatsimError(error)) return error;
  return new SatsimError('PLUGIN_INVALID', `translator ${name} (${from}) failed: ${messageOf(error)}`, { cause: error });
}
