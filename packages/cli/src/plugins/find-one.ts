import { isAbsolute } from 'node:path';
import { discoverPlugin, SatsimError } from '@satsim/core';
import type { PluginRegistry } from '@satsim/core';
import { findPlugins, HOST_PACKAGE_JSON } from '../plan-file.js';

/**
 * A registry with one plugin alone, sound or not.
 * @param target what a plugin that is installed contributes (`flow`), the name of its package, or a path
 * @throws SatsimError PLUGIN_INVALID when it is not there; USAGE when the name is that of several
 */
export async function findOnePlugin(target: string): Promise<PluginRegistry> {
  const options = { cwd: process.cwd(), hostPackageJson: HOST_PACKAGE_JSON };
  if (isAbsolute(target) || target.startsWith('.')) return discoverPlugin(target, options);
  const { candidates } = await findPlugins([]);
  const called = candidates.filter(({ packageName, contributes }) => packageName === target || contributes.some(({ name }) => name === target));
  const [only] = called;
  if (only === undefined) return discoverPlugin(target, options);
  if (called.length > 1) {
    const packages = called.map(({ packageName }) => packageName).join(' and ');
    throw new SatsimError('USAGE', `${target} is of several plugins: ${packages}`, { hint: 'Name the package' });
  }
  return discoverPlugin(only.dir, options);
}
