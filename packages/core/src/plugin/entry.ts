import { resolveModulePath } from 'exsolve';
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Candidate } from './registry.js';

/**
 * The module that a package offers under a subpath.
 * @returns absolute path, or `null` when its package.json exports none, or it is not there (not built)
 */
export function moduleOf({ packageName, dir }: Candidate, subpath: '.' | './harness'): string | null {
  const from = pathToFileURL(join(dir, 'package.json'));
  // A package finds itself by its own name, so its `exports` decide whichever way it was found. One without `exports`, asked
  // for by its folder, would find whoever else has that name.
  const found = resolveModulePath(subpath === '.' ? packageName : packageName + subpath.slice(1), { from, cache: false, try: true });
  return found !== undefined && realpathSync(found).startsWith(dir + sep) ? found : null;
}

/** What stands against importing a TypeScript file here; `null` when nothing does. */
export function typescriptFault(path: string): { readonly message: string; readonly hint: string } | null {
  if (!/\.[mc]?ts$/.test(path)) return null;
  if (process.features.typescript === false)
    return {
      message: `Node ${process.versions.node} can't read TypeScript: ${path}`,
      hint: 'use Node 22.18 or later, or compile the file and name the result',
    };
  if (path.split(sep).includes('node_modules'))
    return { message: `Node reads no TypeScript below node_modules: ${path}`, hint: 'a package that is installed exports compiled JavaScript' };
  return null;
}
