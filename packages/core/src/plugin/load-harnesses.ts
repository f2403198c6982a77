import { join } from 'node:path';
import { SatsimError } from '../errors.js';
import { importModule } from './load.js';
import { readPackageJson } from './package-json.js';
import type { Candidate } from './registry.js';

/**
 * Imports the harnesses of a plugin for the contract kit: the named export `harnesses` of the package's `./harness`.
 * @returns `null` when the package exports no `./harness`
 * @throws SatsimError PLUGIN_INVALID naming the plugin: the module is not there, fails when it is loaded, or has no array `harnesses`
 */
export async function loadHarnesses(candidate: Candidate): Promise<readonly unknown[] | null> {
  const { exports } = (await readPackageJson(join(candidate.dir, 'package.json'))) as { readonly exports?: unknown };
  if (typeof exports !== 'object' || exports === null || !('./harness' in exports)) return null;
  const { harnesses } = (await importModule(candidate, './harness')) as { readonly harnesses?: unknown };
  if (Array.isArray(harnesses)) return harnesses;
  throw new SatsimError('PLUGIN_INVALID', `plugin ${candidate.packageName}: its ./harness has no array \`harnesses\``, {
    hint: 'write `export const harnesses = [{ kind, name, … }]`',
  });
}
