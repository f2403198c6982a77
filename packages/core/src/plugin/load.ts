import { resolveModulePath } from 'exsolve';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Contribution, type Plugin, PLUGIN_BRAND, type PluginDefinition } from '../contract/plugin.js';
import { SatsimError } from '../errors.js';
import type { Candidate } from './registry.js';

/** Wall-clock milliseconds that a plugin's module may take to load. */
const LOAD_TIMEOUT_MS = 10_000;

/**
 * Imports one plugin and checks that it is what its manifest says.
 * @throws SatsimError PLUGIN_INVALID naming the plugin: it can't be found or imported, does not settle, or breaks its manifest
 */
export async function importPlugin(candidate: Candidate, timeoutMs: number = LOAD_TIMEOUT_MS): Promise<readonly PluginDefinition[]> {
  const path = entryOf(candidate);
  let module: { readonly default?: unknown };
  try {
    module = await withTimeout(import(pathToFileURL(path).href) as Promise<{ default?: unknown }>, timeoutMs);
  } catch (error) {
    throw invalid(candidate, `it fails when it is loaded: ${error instanceof Error ? error.message : String(error)}`, `the module is ${path}`, error);
  }
  if (!isPlugin(module.default)) throw invalid(candidate, `its module has no plugin as default export: ${path}`, 'write `export default definePlugin(…)`');
  const { definitions } = module.default;
  const strange = definitions.filter((definition) => typeof definition !== 'object' || definition === null);
  const faults =
    strange.length > 0 ? ['a definition is not an object'] : [...definitions.flatMap(shapeFaults), ...manifestFaults(candidate.contributes, definitions)];
  if (faults.length > 0) throw invalid(candidate, faults.join('; '), 'the plugin must be mended by its author');
  return definitions;
}

function entryOf(candidate: Candidate): string {
  if (candidate.entry !== null) return candidate.entry;
  try {
    // A package finds itself by its own name: so its `exports` decide, whichever way it was found.
    return resolveModulePath(candidate.packageName, { from: pathToFileURL(join(candidate.dir, 'package.json')), cache: false });
  } catch (error) {
    throw invalid(
      candidate,
      `its package.json exports no module that is there (looked from ${candidate.dir})`,
      'is it built? `exports` needs an entry "."',
      error,
    );
  }
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not loaded after ${timeoutMs / 1000} s; does it wait for something at its top level?`)), timeoutMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isPlugin(value: unknown): value is Plugin {
  // By brand and not by class: a plugin may carry a second copy of core.
  return typeof value === 'object' && value !== null && (value as Partial<Plugin>)[PLUGIN_BRAND] === 1 && Array.isArray((value as Partial<Plugin>).definitions);
}

function shapeFaults(definition: Partial<PluginDefinition> & { readonly config?: unknown }): string[] {
  const label = keyOf(definition as PluginDefinition);
  const faults: string[] = [];
  if (typeof definition.create !== 'function') faults.push(`${label} has no function \`create\``);
  const config = definition.config;
  const isSchema = (typeof config === 'object' || typeof config === 'function') && config !== null && '~standard' in config;
  if (definition.kind !== 'translator' && !isSchema) faults.push(`${label} has no Standard Schema as \`config\``);
  return faults;
}

function manifestFaults(contributes: readonly Contribution[], definitions: readonly PluginDefinition[]): string[] {
  const promised = contributes.map(keyOf);
  const exported = definitions.map(keyOf);
  return [
    ...promised.filter((key) => !exported.includes(key)).map((key) => `the manifest contributes ${key}, but the module does not export it`),
    ...exported.filter((key) => !promised.includes(key)).map((key) => `the module exports ${key}, but the manifest does not contribute it`),
    ...exported.filter((key, at) => exported.indexOf(key) !== at).map((key) => `the module exports ${key} twice`),
  ];
}

const keyOf = ({ kind, name }: Pick<Contribution, 'kind' | 'name'>): string => `${kind} ${name}`;

function invalid({ packageName }: Candidate, message: string, hint: string, cause?: unknown): SatsimError {
  return new SatsimError('PLUGIN_INVALID', `plugin ${packageName}: ${message}`, { hint, cause });
}
