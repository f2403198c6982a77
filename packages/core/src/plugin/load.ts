import { type Contribution, type Plugin, PLUGIN_BRAND, type PluginDefinition } from '../contract/plugin.js';
import { messageOf, SatsimError } from '../errors.js';
import { containedImport } from './contained-import.js';
import { CORE_PACKAGE } from './core-version.js';
import { moduleOf, typescriptFault } from './entry.js';
import { loadHint } from './load-hint.js';
import type { Candidate } from './registry.js';

/** Wall-clock milliseconds that a plugin's module may take to load. */
const LOAD_TIMEOUT_MS = 10_000;
/** The contract that this core speaks, as plugins are branded with it. */
const BRAND = 1;

/**
 * Imports one plugin and checks that it is what its manifest says.
 * @throws SatsimError PLUGIN_INVALID naming the plugin: it can't be found or imported, does not settle, ends the process
 * or breaks its manifest
 */
export async function importPlugin(candidate: Candidate, timeoutMs: number = LOAD_TIMEOUT_MS): Promise<readonly PluginDefinition[]> {
  const { definitions } = pluginIn(await importModule(candidate, '.', timeoutMs), candidate);
  const strange = definitions.filter((definition) => typeof definition !== 'object' || definition === null);
  const faults =
    strange.length > 0 ? ['a definition is not an object'] : [...definitions.flatMap(shapeFaults), ...manifestFaults(candidate.contributes, definitions)];
  if (faults.length > 0)
    throw invalid(candidate, faults.join('; '), 'its author has to bring `satsim.contributes` of its package.json and `definePlugin(…)` together');
  return definitions;
}

/**
 * Imports a module that a plugin's package exports.
 * @throws SatsimError PLUGIN_INVALID naming the plugin
 */
export async function importModule(candidate: Candidate, subpath: '.' | './harness', timeoutMs: number = LOAD_TIMEOUT_MS): Promise<unknown> {
  const path = subpath === '.' ? (candidate.entry ?? moduleOf(candidate, subpath)) : moduleOf(candidate, subpath);
  if (path === null) {
    throw invalid(
      candidate,
      `its package.json exports no module that is there as ${subpath} (looked from ${candidate.dir})`,
      `is it built? \`exports\` needs an entry "${subpath}"`,
    );
  }
  const unreadable = typescriptFault(path);
  if (unreadable !== null) throw invalid(candidate, unreadable.message, unreadable.hint);
  try {
    return await containedImport(path, timeoutMs);
  } catch (error) {
    throw invalid(candidate, `it fails when it is loaded: ${messageOf(error)}`, loadHint(error, path), error);
  }
}

function pluginIn(module: unknown, candidate: Candidate): Plugin {
  // Of an ES module the default export; a CommonJS module may be the plugin itself.
  const exported = isBranded(module) ? module : (module as { readonly default?: unknown } | null | undefined)?.default;
  if (!isBranded(exported)) throw invalid(candidate, 'its module has no plugin as default export', 'write `export default definePlugin(…)`');
  const brand = exported[PLUGIN_BRAND] as unknown;
  if (brand !== BRAND) {
    throw invalid(
      candidate,
      `it was made by a ${CORE_PACKAGE} with another plugin contract (${String(brand)}; this one speaks ${BRAND})`,
      `it carries its own copy of ${CORE_PACKAGE}: it should be a peer dependency only`,
    );
  }
  if (!Array.isArray(exported.definitions)) throw invalid(candidate, 'its plugin has no list of definitions', 'write `export default definePlugin(…)`');
  return exported;
}

// By brand and not by class: a plugin may carry a second copy of core.
function isBranded(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && PLUGIN_BRAND in value;
}

function shapeFaults(definition: Partial<PluginDefinition> & { readonly config?: unknown }): string[] {
  const label = keyOf(definition as PluginDefinition);
  const faults: string[] = [];
  if (typeof definition.create !== 'function') faults.push(`${label} has no function \`create\``);
  if (definition.kind !== 'translator' && !isStandardSchema(definition.config))
    faults.push(`${label} has no Standard Schema as \`config\`${oldZod(definition.config)}`);
  return faults;
}

function isStandardSchema(config: unknown): boolean {
  return (typeof config === 'object' || typeof config === 'function') && config !== null && '~standard' in config;
}

// The commonest reason by far: the plugin resolves another copy of zod than its author had.
function oldZod(config: unknown): string {
  return typeof config === 'object' && config !== null && 'safeParse' in config ? ': it looks like a schema of zod before 3.24, which is none yet' : '';
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
