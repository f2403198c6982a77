import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What npm takes for a name, upper case of old packages included. */
export const PACKAGE_NAME = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;

/** Absolute path of the nearest package.json at or above an absolute folder. */
export function nearestPackageJson(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return file;
    if (dirname(at) === at) return null;
  }
}

/**
 * The package.json of an installed package as the modules beside `base` would find it; runs nothing.
 * @returns `null` when it is not installed, which is normal for optional ones
 * @throws Error when it can't be read
 */
export function installedPackageJson(name: string, base: string): string | null {
  try {
    return findPackageJSON(name, pathToFileURL(base)) ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** @throws Error when it is not there or not JSON */
export async function readPackageJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Names of the packages that this one depends on in any way but as a peer. */
export function dependencyNames(packageJson: unknown): string[] {
  if (typeof packageJson !== 'object' || packageJson === null) return [];
  const { dependencies, optionalDependencies, devDependencies } = packageJson as Record<string, unknown>;
  const groups = [dependencies, optionalDependencies, devDependencies];
  return groups.flatMap((group) => (typeof group === 'object' && group !== null ? Object.keys(group) : []));
}
