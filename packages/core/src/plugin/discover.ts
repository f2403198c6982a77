import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { messageOf, SatsimError } from '../errors.js';
import { CORE_VERSION } from './core-version.js';
import { readManifest } from './manifest.js';
import { dependencyNames, installedPackageJson, nearestPackageJson, PACKAGE_NAME, readPackageJson } from './package-json.js';
import { type Candidate, type PluginFault, PluginRegistry } from './registry.js';

export interface DiscoverOptions {
  /** Where the user stands, absolute: the dependencies of the nearest package.json at or above it are candidates. */
  readonly cwd: string;
  /** Absolute path of the host's (the CLI's) package.json: its dependencies are candidates. */
  readonly hostPackageJson: string;
  /** What `--plugin` says: package names (looked for from `cwd`, then beside the host), folders or files. */
  readonly extra?: readonly string[];
}

/** A place where a plugin may be. */
interface Place {
  /** How it is called where it was asked for. */
  readonly askedAs: string;
  /** Tells its package.json; throws when there is none to read. */
  readonly locate: () => Promise<{ readonly packageJson: string; readonly entry: string | null } | null>;
}

/**
 * Finds plugins by their manifests; imports nothing and scans no node_modules. Where one package is found in several
 * places, the first counts: `--plugin`, then the project, then the host.
 * @throws SatsimError PLUGIN_INVALID listing all that `extra` names and that is not there or no sound plugin
 */
export async function discoverPlugins(options: DiscoverOptions): Promise<PluginRegistry> {
  const requested = await readAll((options.extra ?? []).map((word) => ({ askedAs: word, locate: () => locateExtra(word, options) })));
  const unfit = [...requested.faults, ...requested.candidates.flatMap(({ packageName, faults }) => faults.map((message) => ({ packageName, message })))];
  unfit.push(...requested.noPlugins, ...sharedManifests(requested.candidates));
  if (unfit.length > 0) {
    const lines = unfit.map(({ packageName, message }) => `plugin ${packageName}: ${message}`);
    throw new SatsimError('PLUGIN_INVALID', lines.join('\n'), { hint: '--plugin takes the name of an installed package, or a path that starts with ./ or /' });
  }

  const found = [requested];
  for (const base of [nearestPackageJson(options.cwd), options.hostPackageJson]) {
    if (base !== null) found.push(await readDependencies(base));
  }
  const candidates = new Map<string, Candidate>();
  for (const candidate of found.flatMap((part) => part.candidates)) {
    if (!candidates.has(candidate.packageName)) candidates.set(candidate.packageName, candidate);
  }
  const faults = new Map(found.flatMap((part) => part.faults).map((fault) => [`${fault.packageName}: ${fault.message}`, fault]));
  return new PluginRegistry([...candidates.values()], [...faults.values()]);
}

/**
 * The one plugin that `word` names as `--plugin` would, also with faults in its manifest; reads data, imports nothing.
 * @throws SatsimError PLUGIN_INVALID: nothing is there, it cannot be read, or it is no plugin at all
 */
export async function discoverPlugin(word: string, options: Omit<DiscoverOptions, 'extra'>): Promise<PluginRegistry> {
  const { candidates, faults, noPlugins } = await readAll([{ askedAs: word, locate: () => locateExtra(word, options) }]);
  const [fault] = [...faults, ...noPlugins];
  if (fault) throw new SatsimError('PLUGIN_INVALID', `plugin ${word}: ${fault.message}`);
  return new PluginRegistry(candidates, []);
}

interface Findings {
  readonly candidates: Candidate[];
  readonly faults: PluginFault[];
  /** Packages without a manifest: a fault only where somebody asked for them as plugins. */
  readonly noPlugins: PluginFault[];
}

/** Two files of one package: its manifest says what one module exports, so it can't be the manifest of both. */
function sharedManifests(requested: readonly Candidate[]): PluginFault[] {
  const byPackage = Map.groupBy(requested, ({ dir }) => dir);
  return [...byPackage.values()].flatMap(([first, ...others]) => {
    const entries = new Set([first, ...others].map((one) => one!.entry ?? one!.dir));
    if (first === undefined || entries.size === 1) return [];
    return [{ packageName: first.packageName, message: `one manifest can't be that of several modules: ${[...entries].join(' and ')}` }];
  });
}

async function readDependencies(base: string): Promise<Findings> {
  let names: string[];
  try {
    names = dependencyNames(await readPackageJson(base));
  } catch (error) {
    return {
      candidates: [],
      faults: [{ packageName: base, message: `cannot be read, so its dependencies are not searched: ${messageOf(error)}` }],
      noPlugins: [],
    };
  }
  return readAll(
    [...new Set(names)].sort().map((name) => ({
      askedAs: name,
      locate: async () => {
        const packageJson = installedPackageJson(name, base);
        return packageJson === null ? null : { packageJson, entry: null };
      },
    })),
  );
}

async function readAll(places: readonly Place[]): Promise<Findings> {
  const findings: Findings = { candidates: [], faults: [], noPlugins: [] };
  for (const { askedAs, locate } of places) {
    try {
      const place = await locate();
      if (place === null) continue;
      const reading = readManifest(await readPackageJson(place.packageJson), askedAs, CORE_VERSION);
      if (reading === null)
        findings.noPlugins.push({ packageName: askedAs, message: `is not a plugin: ${place.packageJson} has no manifest (the field "satsim")` });
      else findings.candidates.push({ ...reading, dir: dirname(await realpath(place.packageJson)), entry: place.entry });
    } catch (error) {
      findings.faults.push({ packageName: askedAs, message: messageOf(error) });
    }
  }
  return findings;
}

async function locateExtra(word: string, { cwd, hostPackageJson }: DiscoverOptions): Promise<{ packageJson: string; entry: string | null }> {
  if (!isAbsolute(word) && PACKAGE_NAME.test(word)) {
    for (const base of [join(cwd, 'package.json'), hostPackageJson]) {
      const packageJson = installedPackageJson(word, base);
      if (packageJson !== null) return { packageJson, entry: null };
    }
    const isFile = existsSync(join(cwd, word));
    throw new Error(isFile ? `for the file write ./${word}` : `no package of this name is installed for ${cwd} or beside satsim`);
  }
  const path = resolve(cwd, word);
  const stats = await stat(path).catch(() => null);
  if (stats === null) throw new Error(`there is no file or folder ${path}`);
  const packageJson = nearestPackageJson(stats.isDirectory() ? path : dirname(path));
  if (packageJson === null) throw new Error(`there is no package.json with a manifest at or above ${path}`);
  return { packageJson, entry: stats.isDirectory() ? null : path };
}
