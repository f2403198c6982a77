import { posix } from 'node:path';
import { bareSpecifier, sourceImports } from './source-imports.js';
import type { WorkspacePackage } from './workspace.js';

const CORE = '@satsim/core';
/** What a library of the workspace may import of the others. Plugins, the CLI and the tests have rules of their own. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/elements': [CORE],
  'packages/routing': [CORE],
  'packages/simulation': [CORE, '@satsim/routing'],
  'packages/geomrf-proto': [],
  'packages/geomrf-client': [CORE, '@satsim/elements', '@satsim/geomrf-proto'],
  'packages/geomrf-engine': [CORE, '@satsim/elements', '@satsim/geomrf-proto'],
  'packages/replay': [CORE],
  'packages/sweep': [CORE],
  'packages/runs': [CORE],
  'packages/report': [CORE],
  'packages/cli': [
    CORE,
    '@satsim/elements',
    '@satsim/geomrf-client',
    '@satsim/geomrf-engine',
    '@satsim/replay',
    '@satsim/runs',
    '@satsim/sweep',
    '@satsim/report',
  ],
};
const FOR_PLUGINS = [CORE, '@satsim/routing', '@satsim/elements', '@satsim/simulation'];
const CONTAINER_ONLY = ['tsyringe', 'reflect-metadata'];
const FOR_THE_CONTRACT = ['zod', '@standard-schema/spec'];

const isTest = (path: string): boolean => /\.test(?:-helper)?\.ts$/.test(path);
const isPlugin = ({ dir, json }: WorkspacePackage): boolean =>
  dir.startsWith('plugins/') || /^packages\/lane-/.test(dir) || (json.satsim !== undefined && !(dir in LIBRARIES));

/** Everything in the sources and package.json files that breaks "Who may import whom" (docs/architecture.md). */
export function importViolations(workspace: readonly WorkspacePackage[]): string[] {
  const byName = new Map(workspace.map((one) => [one.json.name, one]));
  return workspace.flatMap((one) => [
    ...manifestViolations(one, byName),
    ...one.files.flatMap(({ path, text }) => sourceImports(text).flatMap(({ specifier }) => importViolation(one, path, specifier, byName) ?? [])),
  ]);
}

function importViolation(one: WorkspacePackage, path: string, specifier: string | null, byName: ReadonlyMap<string, WorkspacePackage>): string | null {
  const here = `${one.dir}/${path}`;
  const inCore = one.dir === 'packages/core';
  if (specifier === null) return inCore && path.startsWith('src/plugin/') ? null : `${here}: an import whose name is computed; only core/plugin loads by name`;
  const bare = bareSpecifier(specifier);
  if (bare === null) return relativeViolation(one, path, specifier);

  const { packageName, subpath } = bare;
  if (CONTAINER_ONLY.includes(packageName) && !(inCore && path.startsWith('src/container/'))) return `${here}: ${packageName} is for core/container alone`;
  if (inCore && path.startsWith('src/contract/') && !isTest(path) && !FOR_THE_CONTRACT.includes(packageName))
    return `${here}: the contract is a leaf and may not import ${packageName}`;
  const target = byName.get(packageName);
  if (target === undefined)
    return declares(one, packageName, path) || isRootTool(packageName, one, path) ? null : `${here}: ${packageName} is not in ${one.dir}/package.json`;
  if (target.json.exports !== undefined && !(subpath in target.json.exports)) return `${here}: ${specifier} is not among the exports of ${packageName}`;
  if (!mayUse(one, target, path)) return `${here}: ${one.json.name} may not import ${packageName}`;
  return declares(one, packageName, path) ? null : `${here}: ${packageName} is not in ${one.dir}/package.json`;
}

function relativeViolation({ dir }: WorkspacePackage, path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const target = posix.join(dir, posix.dirname(path), specifier);
  if (!target.startsWith(`${dir}/`)) return `${dir}/${path}: ${specifier} leaves the package`;
  const inContract = dir === 'packages/core' && path.startsWith('src/contract/');
  return inContract && !isTest(path) && !target.startsWith('packages/core/src/contract/')
    ? `${dir}/${path}: the contract is a leaf and may not import ${specifier}`
    : null;
}

function mayUse(one: WorkspacePackage, target: WorkspacePackage, path: string): boolean {
  // A package's own name is its own business: a test may want the built one.
  if (one.dir === 'tests' || target === one) return true;
  const allowed = isPlugin(one) ? FOR_PLUGINS : (LIBRARIES[one.dir] ?? []);
  // A package's own tests may also use what it must not ship with, but never a plugin or the CLI.
  return (
    allowed.includes(target.json.name) ||
    (isTest(path) && target.dir.startsWith('packages/') && target.dir !== 'packages/cli' && declaresForTests(one, target.json.name))
  );
}

/** What a package's sources use must be a dependency or peer; only tests may rely on devDependencies. */
function declares({ json, dir }: WorkspacePackage, packageName: string, path: string): boolean {
  if (packageName === json.name) return true;
  return packageName in { ...json.dependencies, ...json.peerDependencies } || ((isTest(path) || dir === 'tests') && packageName in { ...json.devDependencies });
}
const declaresForTests = ({ json }: WorkspacePackage, packageName: string): boolean => packageName in { ...json.devDependencies };

/** The test runner and its companions stand in the root package.json. */
const isRootTool = (packageName: string, { dir }: WorkspacePackage, path: string): boolean =>
  ['vitest', 'fast-check'].includes(packageName) && (isTest(path) || dir === 'tests');

function manifestViolations(one: WorkspacePackage, byName: ReadonlyMap<string, WorkspacePackage>): string[] {
  const { dir, json } = one;
  const violations: string[] = [];
  if (dir !== 'packages/core' && dir !== 'packages/cli' && dir !== 'tests' && CORE in { ...json.dependencies })
    violations.push(`${dir}/package.json: core is a peer and dev dependency, never a dependency`);
  if (isPlugin(one) && !(CORE in { ...json.peerDependencies } && CORE in { ...json.devDependencies }))
    violations.push(`${dir}/package.json: a plugin has core as peer and as dev dependency`);
  if (dir === 'tests') return violations;
  for (const name of Object.keys({ ...json.dependencies, ...json.peerDependencies })) {
    const target = byName.get(name);
    // The CLI lists plugins so that they are installed with it; that it never imports them is checked in its sources.
    if (target && !mayUse(one, target, '') && !(dir === 'packages/cli' && isPlugin(target)))
      violations.push(`${dir}/package.json: ${json.name} may not depend on ${name}`);
  }
  return violations;
}
