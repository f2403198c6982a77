import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root, type workplace } from './satsim.js';

export const KINDS = ['lane', 'exporter', 'translator'] as const;
export type Kind = (typeof KINDS)[number];
/** What each of the new plugins is called. */
export const NAME = 'my-foo';

interface PackageJson {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  overrides?: Record<string, string>;
}

/** Runs npm as a user would: without the settings of an npm that runs these tests. */
export function npm(cwd: string, ...args: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key)));
  return execa('npm', args, { cwd, env, extendEnv: false, reject: false });
}

/** Packs core as it would be published; returns the tarball. */
export async function packCore(folder: string): Promise<string> {
  const { stdout } = await npm(folder, 'pack', join(root, 'packages/core'), '--json', '--loglevel=error');
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, filename);
}

/**
 * Installs a new package by npm, without network: core from its tarball, all that is from elsewhere as links to what this
 * repository has installed. Other ranges than those of this repository would not be noticed, so they are returned.
 */
export async function installOffline(dir: string, coreTarball: string): Promise<Record<string, string>> {
  const file = join(dir, 'package.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
  const core = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8')) as PackageJson;
  const ranges = { ...json.dependencies, ...json.devDependencies };
  const localOf = (name: string) => `file:${name === '@satsim/core' ? coreTarball : join(root, 'node_modules', name)}`;
  for (const group of [json.dependencies ?? {}, json.devDependencies ?? {}]) for (const name of Object.keys(group)) group[name] = localOf(name);
  json.overrides = Object.fromEntries(
    Object.keys({ ...core.dependencies })
      .filter((name) => !(name in ranges))
      .map((name) => [name, localOf(name)]),
  );
  writeFileSync(file, JSON.stringify(json, null, 2));
  // The links are of packages that are built already: their scripts are none of ours.
  const { exitCode, stderr } = await npm(dir, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund');
  if (exitCode !== 0) throw new Error(`npm install in ${dir}: ${stderr}`);
  return ranges;
}

/** Makes, installs and builds one new package in a folder outside the repository; returns its folder. */
export async function builtPackage(place: ReturnType<typeof workplace>, kind: Kind, coreTarball: string): Promise<string> {
  const { exitCode, stderr } = await place.satsim('plugins', 'new', kind, NAME);
  const dir = join(place.dir, `satsim-${kind}-${NAME}`);
  if (exitCode !== 0 || !existsSync(dir)) throw new Error(`plugins new ${kind}: ${stderr}`);
  await installOffline(dir, coreTarball);
  const built = await npm(dir, 'run', 'build');
  if (built.exitCode !== 0) throw new Error(`npm run build in ${dir}: ${built.stdout}`);
  return dir;
}
